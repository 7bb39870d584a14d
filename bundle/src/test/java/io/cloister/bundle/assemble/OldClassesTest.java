package io.cloister.bundle.assemble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Picocli is such a jar: its classes are made for Java 5. */
final class OldClassesTest {
  @TempDir Path folder;

  @Test
  void everyOldClassIsVerifiedByItsNewStackMaps() throws Exception {
    Path published =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ShippedJar shipped = ShippedJar.ship(published, folder, folder);
    assertThat(shipped.changes())
        .containsExactly("stack maps added to old classes, and Groovy not looked for");
    try (var loader = new URLClassLoader(new URL[] {shipped.file().toUri().toURL()}, null);
        var jar = new JarFile(shipped.file().toFile())) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.contains("-info")) {
          String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
          assertThat(Class.forName(type, true, loader).getClassLoader()).isEqualTo(loader);
          assertThat(new String(jar.getInputStream(entry).readAllBytes(), ISO_8859_1))
              .as(name)
              .doesNotContain(OldClasses.GROOVY);
        }
      }
    }
  }
}
