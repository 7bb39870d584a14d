package io.cloister.bundle.assemble;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Classes as HotSpot lays them out in memory (class data sharing, JEP 310), those of the operator's
 * command and of Java: what starts from a medium need not parse and verify them. The same bytes
 * from the same inputs, wherever it is made: the list of classes is a source, the class path is
 * relative. Where a jar has another time or size than it had here, the JVM leaves the archive
 * alone.
 */
final class ClassArchive {
  /** Where the launcher looks for it. */
  static final Path PLACE = Path.of("lib/cloister.jsa");

  private static final Path IN_JAVA = Path.of("lib/server/classes.jsa");

  private ClassArchive() {}

  /**
   * Writes that of Java's own classes into a Java runtime, for what has no other: it halves the
   * start of a short command (111 ms to 57 ms) for 4 MB on the medium. None for heaps of 32 GB and
   * more.
   */
  static void writeOfJava(Path java) throws IOException {
    dump(java, Path.of("bin/java"), IN_JAVA, List.of());
  }

  /**
   * Writes it into a folder that holds the command.
   *
   * @param classes their names, as {@code scripts/class-list} records them
   * @param time that the folder's files will have where they are unpacked
   */
  static void write(Path home, Path classes, Instant time) throws IOException {
    for (Path file : Folders.files(home)) {
      Files.setLastModifiedTime(home.resolve(file), FileTime.from(time));
    }
    dump(
        home,
        Path.of("jre/bin/java"),
        PLACE,
        List.of("-XX:SharedClassListFile=" + classes.toAbsolutePath(), "-cp", "lib/cloister.jar"));
    // What starts from this one never reads the other.
    Files.deleteIfExists(home.resolve("jre").resolve(IN_JAVA));
  }

  /** The archive states the collector and its heap: neither may be this machine's choice. */
  private static void dump(Path home, Path java, Path place, List<String> what) throws IOException {
    Files.deleteIfExists(home.resolve(place));
    List<String> command = new ArrayList<>(List.of(home.resolve(java).toString()));
    command.addAll(sameHash());
    command.addAll(
        List.of(
            "-Xshare:dump",
            "-XX:SharedArchiveFile=" + place,
            "-XX:+UseG1GC",
            "-XX:ParallelGCThreads=1",
            "-XX:G1HeapRegionSize=1m",
            "-Xmx512m",
            "-Xint",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(what);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).inheritIO();
    builder.environment().clear();
    try {
      int status = builder.start().waitFor();
      if (status != 0) {
        throw new IOException("writing the class archive ended with status " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing the class archive");
    }
    if (!Files.exists(home.resolve(place))) {
      throw new IOException("no class archive was written: " + home.resolve(place));
    }
  }

  /**
   * Properties whose names share the hash of one that Java looks up. The archive holds which
   * methods Java's own classes had called by then, and {@code ZipFile} keeps its open jars in a
   * hash map by their inodes: where many of those share a bin, the map calls methods that it calls
   * nowhere else. With these it calls them everywhere.
   */
  private static List<String> sameHash() {
    List<String> names = List.of("-D");
    for (String pair : List.of("us", "er", ".l", "an")) {
      String other = "" + (char) (pair.charAt(0) + 1) + (char) (pair.charAt(1) - 31);
      names = names.stream().flatMap(name -> Stream.of(name + pair, name + other)).toList();
    }
    List<String> others = new ArrayList<>(names.stream().skip(1).map(s -> s + "guage").toList());
    Collections.shuffle(others, new Random(1));
    return others;
  }
}
