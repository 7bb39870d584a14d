package io.cloister.installer.support;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path folder = file.toAbsolutePath().getParent();
    Path temporary =
        Files.createTempFile(
            folder,
            ".cloister-support-",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      writeForced(temporary, entries, time);
      DurableFiles.put(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeForced(Path file, List<ArchiveEntry> entries, Instant time)
      throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setModificationInstant(time);
    parameters.setOperatingSystem(255);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      GzipCompressorOutputStream gzip =
          new GzipCompressorOutputStream(Channels.newOutputStream(channel), parameters);
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
      channel.force(true);
    }
  }
}
