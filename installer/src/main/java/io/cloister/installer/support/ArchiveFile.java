package io.cloister.installer.support;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Writes the tar.gz: whole or not at all, for its owner alone, never over another file. */
final class ArchiveFile {
  static final String FOLDER = "cloister-support/";

  private ArchiveFile() {}

  /**
   * Writes the entries in their order; the same entries and time give the same bytes.
   *
   * @throws FileAlreadyExistsException something is there already
   */
  static void write(Path file, List<ArchiveEntry> entries, Instant time) throws IOException {
    DurableFiles.putNew(file, out -> write(out, entries, time));
  }

  private static void write(OutputStream out, List<ArchiveEntry> entries, Instant time)
      throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setModificationInstant(time);
    parameters.setOperatingSystem(255);
    GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out, parameters);
    TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8");
    for (ArchiveEntry entry : entries) {
      TarArchiveEntry header = new TarArchiveEntry(FOLDER + entry.name());
      header.setMode(0100600);
      header.setIds(0, 0);
      header.setUserName("");
      header.setGroupName("");
      header.setModTime(time.toEpochMilli());
      header.setSize(entry.content().length);
      tar.putArchiveEntry(header);
      tar.write(entry.content());
      tar.closeArchiveEntry();
    }
    tar.finish();
    gzip.finish();
    gzip.flush();
  }
}
