package io.cloister.appliance.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.config.DataKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} of a process whose callers write at once, {@code -Drounds} times, at moments that
 * {@code -Dseed} chooses. H2 by itself promises nothing of that.
 */
final class KilledDatabaseTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 10);
  private static final String KEY = "0123456789abcdef".repeat(4);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  @ParameterizedTest(name = "encrypted: {0}")
  @ValueSource(booleans = {false, true})
  @Timeout(1200)
  void whatWasAcknowledgedIsThereAndWholeWheneverTheProcessIsKilled(boolean encrypted)
      throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    String key = encrypted ? KEY : "";
    Set<String> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.addAll(writeUntilKilled(key, "round" + round, random));
      Set<String> found = read(key);
      assertThat(found)
          .as("seed %d, round %d", seed, round)
          .containsAll(rows(acknowledged))
          .allMatch(row -> found.contains(twin(row)));
    }
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    System.out.printf(
        "%d rounds, %d transactions acknowledged, seed %d%n", ROUNDS, acknowledged.size(), seed);
  }

  private static List<String> rows(Set<String> names) {
    return names.stream().flatMap(name -> Stream.of(name + "/a", name + "/b")).toList();
  }

  private static String twin(String row) {
    return row.substring(0, row.length() - 1) + (row.endsWith("a") ? "b" : "a");
  }

  /** In every fourth round already while it starts; what it acknowledged. */
  private List<String> writeUntilKilled(String key, String round, Random random) throws Exception {
    Path said = folder.resolve(round);
    Process process =
        new ProcessBuilder(line(key, round))
            .redirectOutput(said.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      if (random.nextInt(4) > 0) {
        awaitFirst(said, process);
      }
      Thread.sleep(random.nextInt(700));
    } finally {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(said);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith(round))
        .toList();
  }

  private void awaitFirst(Path said, Process process) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.size(said) == 0) {
      assertThat(System.nanoTime()).as("nothing was written in time").isLessThan(deadline);
      assertThat(process.isAlive()).as(() -> errors()).isTrue();
      Thread.sleep(5);
    }
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private List<String> line(String key, String round) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Writers.class.getName()));
    line.addAll(List.of(folder.resolve("db").toString(), key, round));
    return line;
  }

  private Set<String> read(String key) {
    Optional<DataKey> dataKey = Optional.of(key).filter(hex -> !hex.isEmpty()).map(DataKey::new);
    try (Database database = Database.open(folder.resolve("db"), dataKey)) {
      return database.read(
          connection -> {
            Set<String> names = new HashSet<>();
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name FROM setting")) {
              while (row.next()) {
                names.add(row.getString(1));
              }
            }
            return names;
          });
    }
  }
}
