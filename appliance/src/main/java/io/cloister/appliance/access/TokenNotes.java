package io.cloister.appliance.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.config.Documents;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What holds for tokens on this machine whichever database is in use, in two files beside those of
 * the releases. {@code tokens}, encrypted like them: those that are valid; a release that comes
 * back has older ones. A restore puts it aside: it brings tokens of its own. {@code
 * revoked-tokens}: digests, nothing else, of all that were ever revoked here; neither a release
 * that comes back nor a backup makes these valid again.
 */
public final class TokenNotes {
  private static final int BYTES_MAX = 1 << 20;
  private static final String OWNER_ONLY = "rw-------";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final Path tokens;
  private final Path revoked;
  private final Optional<DataKey> key;
  private final SecureRandom random;

  /**
   * A token that is valid.
   *
   * @param sha256 of the token, in hexadecimal digits
   */
  record Issued(Account account, String sha256, Instant made) {
    Issued {
      if (!SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException("not the digest of a token");
      }
    }

    /** Written out: what a record has by itself is linked anew in every start. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Issued that
          && sha256.equals(that.sha256)
          && account.name().equals(that.account.name())
          && account.role() == that.account.role()
          && made.equals(that.made);
    }

    @Override
    public int hashCode() {
      return sha256.hashCode();
    }
  }

  /**
   * @param folder of the appliance's own data
   * @param key of the data, where the host has one
   */
  public TokenNotes(Path folder, Optional<DataKey> key, SecureRandom random) {
    this.tokens = folder.resolve("tokens");
    this.revoked = folder.resolve("revoked-tokens");
    this.key = key;
    this.random = random;
  }

  /** Those that are valid; empty where nothing was noted yet. */
  Optional<List<Issued>> findTokens() throws IOException {
    if (Files.notExists(tokens)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Documents.read(tokens, BYTES_MAX);
      byte[] plain = key.isPresent() ? key.get().open(bytes) : bytes;
      List<Issued> found = new ArrayList<>();
      for (JsonNode token : Documents.parseJson(plain)) {
        found.add(parse(token));
      }
      return Optional.of(found);
    } catch (GeneralSecurityException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(tokens + " is damaged, or of another machine: " + e.getMessage(), e);
    }
  }

  private static Issued parse(JsonNode token) {
    var account =
        new Account(token.path("name").asText(), Role.valueOf(token.path("role").asText()));
    return new Issued(
        account, token.path("sha256").asText(), Instant.parse(token.path("made").asText()));
  }

  void writeTokens(List<Issued> valid) throws IOException {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Issued token : valid) {
      json.addObject()
          .put("name", token.account().name())
          .put("role", token.account().role().name())
          .put("sha256", token.sha256())
          .put("made", token.made().toString());
    }
    byte[] plain = json.toString().getBytes(StandardCharsets.UTF_8);
    try {
      byte[] bytes = key.isPresent() ? key.get().seal(plain, random) : plain;
      DurableFiles.write(tokens, bytes, OWNER_ONLY);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /** The digests of all that were revoked on this machine. */
  Set<String> readRevoked() throws IOException {
    Set<String> digests = new LinkedHashSet<>();
    if (Files.exists(revoked)) {
      for (String line : Files.readAllLines(revoked, StandardCharsets.US_ASCII)) {
        if (!SHA256.matcher(line).matches()) {
          throw new IOException(
              "%s is damaged: line %d is no digest".formatted(revoked, digests.size() + 1));
        }
        digests.add(line);
      }
    }
    return digests;
  }

  void addRevoked(String sha256) throws IOException {
    Set<String> digests = readRevoked();
    digests.add(sha256);
    String lines = String.join("\n", digests) + "\n";
    DurableFiles.write(revoked, lines.getBytes(StandardCharsets.US_ASCII), OWNER_ONLY);
  }
}
