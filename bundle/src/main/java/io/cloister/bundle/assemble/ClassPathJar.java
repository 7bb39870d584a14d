package io.cloister.bundle.assemble;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A jar that holds nothing but a class path and a main class: command lines stay short, and the
 * order of the jars, which an ahead-of-time cache depends on, is fixed.
 */
final class ClassPathJar {
  private ClassPathJar() {}

  static void write(Path jar, String mainClass, Collection<String> jarNames) throws IOException {
    var manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
    attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", jarNames));
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
    var entry = new ZipEntry(JarFile.MANIFEST_NAME);
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file)) {
      out.putNextEntry(entry);
      manifest.write(out);
      out.closeEntry();
    }
  }
}
