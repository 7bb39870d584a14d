package io.cloister.appliance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.TokenRefused.Kind;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.database.DatabaseFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final DataKey KEY = new DataKey("0123456789abcdef".repeat(4));
  private static final DataKey OTHER_KEY = new DataKey("f".repeat(64));

  @TempDir Path folder;

  private static Tokens open(Database database, Path beside, Optional<DataKey> key)
      throws IOException {
    var notes = new TokenNotes(beside, key, new SecureRandom());
    return Tokens.open(database, notes, InstantSource.system(), new SecureRandom());
  }

  private Tokens open(Database database) throws IOException {
    return open(database, folder, Optional.empty());
  }

  private Database database(String release) {
    return Database.open(folder.resolve("db").resolve(release), Optional.empty());
  }

  private static List<String> names(Tokens tokens) {
    return tokens.list().stream().map(token -> token.account().name()).toList();
  }

  private static Kind refused(Tokens tokens, String name) {
    return catchThrowableOfType(TokenRefused.class, () -> tokens.create(name, Role.USER)).kind();
  }

  @Test
  void aTokenIsKnownUntilItIsRevokedAndAfterAStart() throws Exception {
    String app;
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      String first = tokens.create("first", Role.ADMIN);
      app = tokens.create("app", Role.USER);
      assertThat(tokens.find(app)).contains(new Account("app", Role.USER));
      assertThat(tokens.revoke("first")).isEqualTo(new Account("first", Role.ADMIN));
      assertThat(tokens.find(first)).isEmpty();
    }
    try (Database database = database("0.1.0")) {
      assertThat(open(database).find(app)).contains(new Account("app", Role.USER));
    }
  }

  @Test
  void aNameMeansOneTokenAndIsFreeWhenThatIsRevoked() throws Exception {
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      String old = tokens.create("app", Role.USER);
      assertThat(refused(tokens, "app")).isEqualTo(Kind.EXISTS);
      assertThat(tokens.find(old)).isPresent();
      tokens.revoke("app");
      String fresh = tokens.create("app", Role.ADMIN);
      assertThat(tokens.find(fresh)).contains(new Account("app", Role.ADMIN));
      assertThat(tokens.find(old)).isEmpty();
      assertThatThrownBy(() -> tokens.revoke("ap")).hasMessageContaining("'ap'");
    }
  }

  @Test
  void otherNamesAreRefused() throws Exception {
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      for (String name : List.of("", "-a", "A", "a b", "a.b", "ä", "a\n", "{0}", "a".repeat(41))) {
        assertThat(refused(tokens, name)).as(name).isEqualTo(Kind.BAD_NAME);
      }
      assertThat(tokens.create("a".repeat(40), Role.USER)).startsWith("clst_");
    }
  }

  @Test
  void theirNumberIsBounded() throws Exception {
    List<TokenNotes.Issued> many = new ArrayList<>();
    for (int i = 0; i < Tokens.TOKENS_MAX; i++) {
      var account = new Account("a" + i, Role.USER);
      many.add(new TokenNotes.Issued(account, "%064x".formatted(i), Instant.EPOCH));
    }
    new TokenNotes(folder, Optional.empty(), new SecureRandom()).writeTokens(many);
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      assertThat(refused(tokens, "b")).isEqualTo(Kind.TOO_MANY);
      tokens.revoke("a7");
      assertThat(tokens.create("b", Role.USER)).startsWith("clst_");
    }
  }

  @Test
  void whenOneWasUsedLastIsKnown() throws Exception {
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      String token = tokens.create("app", Role.USER);
      assertThat(tokens.list().getFirst().used()).isEmpty();
      tokens.find("clst_another");
      assertThat(tokens.list().getFirst().used()).isEmpty();
      tokens.find(token);
      assertThat(tokens.list().getFirst().used().orElseThrow()).isAfterOrEqualTo(tokens.openedAt());
    }
  }

  @Test
  void aReleaseThatComesBackHasTheTokensOfNow() throws Exception {
    String first;
    String app;
    try (Database old = database("0.1.0")) {
      Tokens tokens = open(old);
      first = tokens.create("first", Role.ADMIN);
      old.handOver(folder.resolve("db/0.2.0"));
    }
    try (Database database = database("0.2.0")) {
      Tokens tokens = open(database);
      assertThat(tokens.find(first)).isPresent();
      app = tokens.create("app", Role.USER);
      tokens.revoke("first");
    }
    for (String release : List.of("0.1.0", "0.2.0")) {
      try (Database database = database(release)) {
        Tokens tokens = open(database);
        assertThat(tokens.find(first)).as(release).isEmpty();
        assertThat(tokens.find(app)).as(release).contains(new Account("app", Role.USER));
      }
      Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
      try (Database database = database(release)) {
        assertThat(names(open(database, elsewhere, Optional.empty())))
            .as("what %s would hand over", release)
            .containsExactly("app");
      }
    }
  }

  @Test
  void aBackupBringsItsTokensAndNoneThatWasRevokedHere() throws Exception {
    String app;
    String lost;
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      tokens.create("leaked", Role.ADMIN);
      app = tokens.create("app", Role.USER);
      database.handOver(folder.resolve("db/backup"));
      database.resume();
      tokens.revoke("leaked");
      lost = tokens.create("later", Role.USER);
    }
    // What a restore does: the database of the backup, and no note of what was valid here.
    Files.delete(folder.resolve("tokens"));
    try (Database backup = database("backup")) {
      Tokens tokens = open(backup);
      assertThat(names(tokens)).containsExactly("app");
      assertThat(tokens.find(app)).isPresent();
      assertThat(tokens.find(lost)).isEmpty();
      assertThat(tokens.create("leaked", Role.USER)).as("the name is free").isNotEmpty();
    }
  }

  @Test
  void withAKeyNothingOfAValidTokenIsReadableOrCanBeChanged() throws Exception {
    Path note = folder.resolve("tokens");
    try (Database database = database("0.1.0")) {
      open(database, folder, Optional.of(KEY)).create("unmistakable", Role.ADMIN);
      assertThat(Files.readString(note, StandardCharsets.ISO_8859_1))
          .doesNotContain("unmistakable");
      assertThat(names(open(database, folder, Optional.of(KEY)))).containsExactly("unmistakable");
      assertThatThrownBy(() -> open(database, folder, Optional.of(OTHER_KEY)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("damaged, or of another machine");
      byte[] bytes = Files.readAllBytes(note);
      bytes[bytes.length - 1] ^= 1;
      Files.write(note, bytes);
      assertThatThrownBy(() -> open(database, folder, Optional.of(KEY)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void notesThatCannotBeReadAreNotPassedOver() throws Exception {
    try (Database database = database("0.1.0")) {
      open(database).create("app", Role.USER);
      for (String damaged : List.of("{", "[{}]", "[{\"name\":\"a\",\"role\":\"ROOT\"}]")) {
        Files.writeString(folder.resolve("tokens"), damaged);
        assertThatThrownBy(() -> open(database)).as(damaged).isInstanceOf(IOException.class);
      }
      Files.delete(folder.resolve("tokens"));
      Files.writeString(folder.resolve("revoked-tokens"), "a".repeat(64) + "\n\n");
      assertThatThrownBy(() -> open(database)).hasMessageContaining("line 2 is no digest");
    }
  }

  @Test
  void aChangeThatCannotBeNotedIsNotMade() throws Exception {
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      String app = tokens.create("app", Role.USER);
      Path inTheWay = Files.createDirectories(folder.resolve("tokens.new/x"));
      assertThatThrownBy(() -> tokens.create("other", Role.USER)).isInstanceOf(DatabaseFault.class);
      assertThatThrownBy(() -> tokens.revoke("app")).isInstanceOf(DatabaseFault.class);
      assertThat(names(tokens)).containsExactly("app");
      assertThat(tokens.find(app)).isPresent();
      Files.delete(inTheWay);
      tokens.create("other", Role.USER);
      tokens.revoke("app");
      assertThat(names(open(database))).containsExactly("other");
    }
  }

  @Test
  void whileAnUpdateTakesTheDataOverNothingIsChanged() throws Exception {
    try (Database database = database("0.1.0")) {
      Tokens tokens = open(database);
      String app = tokens.create("app", Role.USER);
      database.handOver(folder.resolve("db/0.2.0"));
      assertThatThrownBy(() -> tokens.revoke("app")).isInstanceOf(DatabaseFault.class);
      assertThat(tokens.find(app)).isPresent();
      assertThat(folder.resolve("revoked-tokens")).doesNotExist();
    }
  }
}
