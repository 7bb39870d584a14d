package io.cloister.installer.support;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.host.HostPaths;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One archive for the vendor: everything that is needed to see what is wrong, and nothing that is
 * secret or the customer's. It is made with the appliance stopped, and with parts of the
 * installation missing or broken. The format is described in docs/format/support-archive.md.
 */
public final class SupportArchive {
  private static final int logBytesMax = 4 << 20;

  private final HostPaths paths;
  private final String tool;
  private final String glibc;

  /**
   * Makes the archive of one installation.
   *
   * @param tool version of the command that makes the archive
   * @param glibc version of this machine's C library, or empty
   */
  public SupportArchive(HostPaths paths, String tool, String glibc) {
    this.paths = paths;
    this.tool = tool;
    this.glibc = glibc;
  }

  /**
   * What was collected.
   *
   * @param failures entry and reason, for what could not be
   */
  public record Outcome(int entries, int redactions, List<Failure> failures) {}

  /** An entry that holds only the reason why it holds nothing else. */
  public record Failure(String entry, String reason) {}

  /** The name an archive gets when none is given. */
  public static String fileName(Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:]", "");
    return "cloister-support-" + time + ".tar.gz";
  }

  /**
   * Collects and writes.
   *
   * @param doing told the name of each entry as it is begun
   * @throws FileAlreadyExistsException {@code output} is there already; it is left as it is
   * @throws IOException {@code output} could not be written; nothing of it is left
   */
  public Outcome write(Path output, Instant now, Consumer<String> doing) throws IOException {
    Instant time = now.truncatedTo(ChronoUnit.SECONDS);
    List<ArchiveEntry> entries = new ArrayList<>();
    for (Collector collector : collectors(time)) {
      doing.accept(collector.entry());
      entries.add(entry(collector));
    }
    entries.sort(Comparator.comparing(ArchiveEntry::name));
    List<ArchiveEntry> all = new ArrayList<>();
    all.add(plain("INDEX.json", Collected.json(Index.of(entries, time)).content()));
    all.add(plain("SHA256SUMS", Index.sums(entries)));
    all.addAll(entries);
    ArchiveFile.write(output, all, time);
    return outcome(entries);
  }

  private List<Collector> collectors(Instant now) {
    HostFiles files = new HostFiles(paths);
    Path socket = paths.socket(files.release());
    return List.of(
        new VersionsCollector(tool, files),
        new DocumentCollector("slots.json", paths.slots(), Documents.slots, files),
        new DocumentCollector("deployment.json", files.deployment(), Documents.deployment, files),
        new DocumentCollector("settings.json", paths.settings(), Documents.settings, files),
        new TrustCollector(files),
        new DigestsCollector(files),
        new HostCollector(paths, glibc, now),
        new OperatorCollector("status.json", "status", Documents.status, socket),
        new OperatorCollector("acceptance.json", "acceptance", Documents.acceptances, socket),
        new OperatorCollector("metrics.json", "metrics", Documents.metrics, socket),
        new LogCollector("logs/appliance.log", logBytesMax, files));
  }

  private static ArchiveEntry entry(Collector collector) {
    Redactions redactions = new Redactions();
    try {
      Collected collected = collector.collect(redactions);
      return new ArchiveEntry(
          collector.entry(),
          collected.content(),
          collected.whole(),
          Optional.empty(),
          redactions.counts());
    } catch (IOException | RuntimeException failure) {
      return failed(collector.entry(), NotCollectedException.reason(failure));
    }
  }

  private static ArchiveEntry failed(String name, String reason) {
    var content = JsonNodeFactory.instance.objectNode().put("not_collected", reason);
    return new ArchiveEntry(
        name,
        Collected.json(content).content(),
        true,
        Optional.of(reason),
        new Redactions().counts());
  }

  private static ArchiveEntry plain(String name, byte[] content) {
    return new ArchiveEntry(name, content, true, Optional.empty(), new Redactions().counts());
  }

  private static Outcome outcome(List<ArchiveEntry> entries) {
    int redactions =
        entries.stream()
            .flatMap(entry -> entry.redacted().values().stream())
            .mapToInt(Integer::intValue)
            .sum();
    List<Failure> failures =
        entries.stream()
            .flatMap(e -> e.failure().map(reason -> new Failure(e.name(), reason)).stream())
            .toList();
    return new Outcome(entries.size(), redactions, failures);
  }
}
