package io.cloister.bundle.assemble;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** A folder as one {@code .tar.gz} whose bytes depend on its content alone. */
final class Archive {
  private Archive() {}

  /**
   * Writes the archive: names sorted, owner 0, modes 755 or 644.
   *
   * @param top the folder inside the archive that holds everything
   * @param time of every entry
   */
  static void write(Path folder, String top, Instant time, Path archive) throws IOException {
    var parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
    parameters.setOperatingSystem(3); // Unix, RFC 1952 §2.3.1
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
        var gzip = new GzipCompressorOutputStream(file, parameters);
        var tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path path : Folders.files(folder)) {
        append(tar, folder.resolve(path), top + "/" + path, time);
      }
    }
  }

  private static void append(TarArchiveOutputStream tar, Path file, String name, Instant time)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    entry.setModTime(time.toEpochMilli());
    entry.setIds(0, 0);
    entry.setMode(Files.isExecutable(file) ? 0100755 : 0100644);
    tar.putArchiveEntry(entry);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }
}
