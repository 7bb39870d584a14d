package io.cloister.repo.publish;

import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.media.TarWriter;
import io.cloister.repo.metadata.RoleType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Writes the files of a medium, forced to the disk, in one of the forms. */
enum MediumWriter {
  /** The timestamp last, so that a medium that was cut short is never accepted. */
  FOLDER {
    @Override
    void write(List<MediumEntry> entries, Path folder, Instant time) throws IOException {
      DurableFiles.createFolders(folder);
      SortedSet<Path> folders = new TreeSet<>();
      folders.add(folder);
      for (MediumEntry entry : entries) {
        if (!entry.name().equals(TIMESTAMP)) {
          writeFile(entry, folder.resolve(entry.name()), folders);
        }
      }
      for (MediumEntry entry : entries) {
        if (entry.name().equals(TIMESTAMP)) {
          writeFile(entry, folder.resolve(entry.name()), folders);
        }
      }
      for (Path written : folders) {
        DurableFiles.forceFolder(written);
      }
    }
  },
  /** One tar, in the order given; it gets its name when it is whole. */
  BUNDLE {
    @Override
    void write(List<MediumEntry> entries, Path file, Instant time) throws IOException {
      Path absolute = file.toAbsolutePath();
      DurableFiles.createFolders(absolute.resolveSibling("").normalize());
      Path unfinished = unfinished(absolute);
      OutputStream out = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW);
      try {
        writeTar(entries, out, time);
        DurableFiles.forceFile(unfinished);
        DurableFiles.move(unfinished, absolute);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    }
  };

  static final String TIMESTAMP = "metadata/" + RoleType.TIMESTAMP.fileName();

  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Writes all entries.
   *
   * @param entries in the order of a bundle
   * @param time what a tar says of its members
   */
  abstract void write(List<MediumEntry> entries, Path out, Instant time) throws IOException;

  /** Where a bundle is while it is being written. */
  static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private static void writeTar(List<MediumEntry> entries, OutputStream file, Instant time)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(file, BUFFER_BYTES)) {
      TarWriter tar = new TarWriter(out, time);
      for (MediumEntry entry : entries) {
        tar.begin(entry.name(), entry.length());
        entry.write(out);
        tar.end(entry.length());
      }
      tar.finish();
    }
  }

  /** Plain writing, not {@link DurableFiles#write}: FAT knows no permissions. */
  private static void writeFile(MediumEntry entry, Path file, SortedSet<Path> folders)
      throws IOException {
    Path folder = file.resolveSibling("").normalize();
    DurableFiles.createFolders(folder);
    folders.add(folder);
    try (OutputStream out = Files.newOutputStream(file)) {
      entry.write(out);
    }
    DurableFiles.forceFile(file);
  }
}
