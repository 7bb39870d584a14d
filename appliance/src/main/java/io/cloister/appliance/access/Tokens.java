package io.cloister.appliance.access;

import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.TokenNotes.Issued;
import io.cloister.appliance.access.TokenRefused.Kind;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.database.Transaction;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The API tokens, stored as digests: in the database of the release, and in {@link TokenNotes},
 * which win where the two differ. Read once and kept: this process has the database alone, and
 * every request asks.
 */
public final class Tokens {
  /** Each request is compared with all of them. */
  public static final int TOKENS_MAX = 256;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /**
   * A valid token, as it may be shown.
   *
   * @param used when it was presented last; empty when it was not since {@link #openedAt}
   */
  public record Shown(Account account, Instant made, Optional<Instant> used) {}

  @SuppressWarnings("ArrayRecordComponent") // compared with isEqual only
  private record Entry(Issued issued, byte[] sha256, AtomicLong usedMillis) {
    static Entry of(Issued issued) {
      return new Entry(issued, HexFormat.of().parseHex(issued.sha256()), new AtomicLong());
    }

    String name() {
      return issued.account().name();
    }

    Shown shown() {
      long used = usedMillis.get();
      return new Shown(
          issued.account(),
          issued.made(),
          used == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(used)));
    }
  }

  private final Database database;
  private final TokenNotes notes;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Instant openedAt;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile List<Entry> entries;

  private Tokens(
      Database database,
      TokenNotes notes,
      InstantSource clock,
      SecureRandom random,
      List<Issued> valid) {
    this.database = database;
    this.notes = notes;
    this.clock = clock;
    this.random = random;
    this.openedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    this.entries = valid.stream().map(Entry::of).toList();
  }

  /**
   * Those of that database, made to agree with what is noted beside it.
   *
   * @throws IOException the notes cannot be read: what was revoked is not known
   */
  public static Tokens open(
      Database database, TokenNotes notes, InstantSource clock, SecureRandom random)
      throws IOException {
    List<Issued> stored = database.read(TokenTable::select);
    List<Issued> valid = new ArrayList<>(notes.findTokens().orElse(stored));
    Set<String> revoked = notes.readRevoked();
    valid.removeIf(token -> revoked.contains(token.sha256()));
    if (!new HashSet<>(valid).equals(new HashSet<>(stored))) {
      database.inTransaction(connection -> TokenTable.replace(connection, valid));
    }
    return new Tokens(database, notes, clock, random, valid);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Since when {@link Shown#used} is known. */
  public Instant openedAt() {
    return openedAt;
  }

  /** All that are valid, in the order in which they were made. */
  public List<Shown> list() {
    return entries.stream().map(Entry::shown).toList();
  }

  /** Makes a token and stores its digest; nobody can read it again later. */
  public String create(String name, Role role) throws TokenRefused {
    changing.lock();
    try {
      refuseUnfit(name);
      String token = ApiToken.generate(random);
      String sha256 = HexFormat.of().formatHex(ApiToken.sha256(token));
      var made =
          new Issued(
              new Account(name, role), sha256, clock.instant().truncatedTo(ChronoUnit.MILLIS));
      List<Entry> next = new ArrayList<>(entries);
      next.add(Entry.of(made));
      store(
          next,
          connection -> {
            TokenTable.insert(connection, made);
            return true;
          });
      return token;
    } finally {
      changing.unlock();
    }
  }

  private void refuseUnfit(String name) throws TokenRefused {
    if (!NAME.matcher(name).matches()) {
      throw new TokenRefused(
          Kind.BAD_NAME, "a name is 1 to 40 of a-z, 0-9 and -, and does not begin with -");
    }
    if (entries.stream().anyMatch(entry -> entry.name().equals(name))) {
      throw new TokenRefused(Kind.EXISTS, "there is a token " + name + " already");
    }
    if (entries.size() >= TOKENS_MAX) {
      throw new TokenRefused(Kind.TOO_MANY, "there are " + TOKENS_MAX + " tokens already");
    }
  }

  /** No request with it is answered any more, now and whichever data comes back. */
  public Account revoke(String name) throws TokenRefused {
    changing.lock();
    try {
      Entry gone =
          entries.stream()
              .filter(entry -> entry.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new TokenRefused(Kind.UNKNOWN, "no token has the name '" + name + "'"));
      store(
          entries.stream().filter(entry -> !entry.name().equals(name)).toList(),
          connection -> {
            TokenTable.delete(connection, gone.issued());
            noted(() -> notes.addRevoked(gone.issued().sha256()));
            return true;
          });
      return gone.issued().account();
    } finally {
      changing.unlock();
    }
  }

  /** In the database and in the notes, or in neither as far as anybody was told. */
  private void store(List<Entry> next, Transaction<Boolean> change) {
    database.inTransaction(
        connection -> {
          change.run(connection);
          noted(() -> notes.writeTokens(next.stream().map(Entry::issued).toList()));
          return true;
        });
    entries = List.copyOf(next);
  }

  private interface Note {
    void write() throws IOException;
  }

  private static void noted(Note note) throws SQLException {
    try {
      note.write();
    } catch (IOException e) {
      throw new SQLException(e.toString(), e);
    }
  }

  /** The account of that token. Looks at every entry to its end: time tells nothing. */
  public Optional<Account> find(String token) {
    byte[] presented = ApiToken.sha256(token);
    Optional<Account> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.sha256, presented)) {
        entry.usedMillis.lazySet(clock.millis());
        found = Optional.of(entry.issued.account());
      }
    }
    return found;
  }
}
