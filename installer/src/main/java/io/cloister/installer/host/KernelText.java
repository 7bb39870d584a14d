package io.cloister.installer.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small texts that the kernel shows as files (proc(5), sysfs(5)). */
final class KernelText {
  private static final int BYTES_MAX = 1 << 20;

  private KernelText() {}

  /** Without blanks around it; empty where there is no such file, or none that may be read. */
  static String read(Path file) {
    return start(file, BYTES_MAX).strip();
  }

  /** No more than so many bytes: the kernel writes some files only as far as they are read. */
  static String start(Path file, int bytesMax) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(bytesMax), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
