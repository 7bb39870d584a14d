package io.cloister.bundle.assemble;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar as it is shipped. One that carries native libraries is written anew without them: those of
 * this platform go beside the jars, so that nothing is unpacked at run time (a {@code noexec}
 * temporary folder would break that). One that is signed is verified here, once, and written anew
 * without its signature: the JVM would verify each class again at each start, and keep it out of
 * its caches, while the medium's signatures cover the whole file. One with {@link OldClasses} gets
 * new ones, and zstd-jni loses the way to its library that is slow to start. Any other jar keeps
 * its bytes, and so its published digest.
 *
 * @param file the jar in the release
 * @param changes how the bytes differ from the published ones, in words
 * @param natives the libraries that came out of it
 */
record ShippedJar(Path file, List<String> changes, List<Path> natives) {
  /** Native code of any platform, and what belongs to it. */
  private static final Pattern NATIVE =
      Pattern.compile(".*(\\.(so|dll|dylib|jnilib|a)|\\.dSYM/.*)");

  /**
   * Zstd's second way to its library, for Java 22 and later: by foreign functions, of which 31 are
   * set up at the first use, in some 300 classes made on the spot. The first way, by JNI, stays.
   */
  private static final Pattern SLOW_TO_START =
      Pattern.compile("META-INF/versions/22/com/github/luben/zstd/.*");

  /** Signature files, as the JAR file specification names them. */
  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  /** Where jars keep the libraries of linux-x64, and their names in the release. */
  private static final Map<Pattern, String> LINUX_X64 =
      Map.of(
          Pattern.compile("ai/onnxruntime/native/linux-x64/(lib\\w+\\.so)"), "$1",
          Pattern.compile("native/lib/linux-x86_64/cpu/(libtokenizers\\.so)"), "$1",
          Pattern.compile("linux/amd64/libzstd-jni-[\\d.-]+\\.so"), "libzstd-jni.so");

  /** Zip times have no zone; this is 1980-01-01, the earliest. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  ShippedJar {
    changes = List.copyOf(changes);
    natives = List.copyOf(natives);
  }

  static ShippedJar ship(Path jar, Path lib, Path nativeFolder) throws IOException {
    Path shipped = lib.resolve(jar.getFileName());
    try (var zip = new JarFile(jar.toFile())) {
      List<Path> natives = new ArrayList<>();
      List<String> changes = new ArrayList<>();
      if (has(zip, NATIVE)) {
        changes.add("native libraries taken out");
      }
      if (has(zip, SLOW_TO_START)) {
        changes.add("calls by foreign functions taken out, those by JNI left");
      }
      if (has(zip, SIGNATURE)) {
        verifySignature(zip);
        changes.add("signature verified and taken out");
      }
      if (OldClasses.areIn(zip)) {
        changes.add("stack maps added to old classes, and Groovy not looked for");
      }
      for (ZipEntry entry : entries(zip)) {
        Optional<Path> library = releaseName(entry.getName()).map(nativeFolder::resolve);
        if (library.isPresent()) {
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, library.get(), StandardCopyOption.REPLACE_EXISTING);
          }
          natives.add(library.get());
        }
      }
      if (changes.isEmpty()) {
        Files.copy(jar, shipped, StandardCopyOption.REPLACE_EXISTING);
      } else {
        write(zip, shipped);
      }
      return new ShippedJar(shipped, changes, natives);
    }
  }

  private static boolean has(JarFile jar, Pattern name) {
    return entries(jar).stream().anyMatch(entry -> name.matcher(entry.getName()).matches());
  }

  /** Reading to the end verifies; what nobody signed would pass that. */
  private static void verifySignature(JarFile jar) throws IOException {
    for (ZipEntry entry : entries(jar)) {
      try (InputStream in = jar.getInputStream(entry)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      boolean unsigned = jar.getJarEntry(entry.getName()).getCodeSigners() == null;
      if (unsigned && !entry.isDirectory() && !entry.getName().startsWith("META-INF/")) {
        throw new IOException(jar.getName() + ": no signature over " + entry.getName());
      }
    }
  }

  private static Optional<String> releaseName(String entry) {
    return LINUX_X64.entrySet().stream()
        .filter(rule -> rule.getKey().matcher(entry).matches())
        .map(rule -> rule.getKey().matcher(entry).replaceFirst(rule.getValue()))
        .findFirst();
  }

  private static void write(JarFile jar, Path shipped) throws IOException {
    try (OutputStream file = Files.newOutputStream(shipped);
        var out = new ZipOutputStream(file)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      var oldClasses = new OldClasses(jar);
      for (ZipEntry entry : entries(jar)) {
        String name = entry.getName();
        if (!entry.isDirectory()
            && !NATIVE.matcher(name).matches()
            && !SLOW_TO_START.matcher(name).matches()
            && !SIGNATURE.matcher(name).matches()) {
          var copy = new ZipEntry(name);
          copy.setTimeLocal(ENTRY_TIME);
          out.putNextEntry(copy);
          if (name.equals(JarFile.MANIFEST_NAME)) {
            withoutDigests(jar.getManifest()).write(out);
          } else {
            out.write(oldClasses.renew(entry));
          }
          out.closeEntry();
        }
      }
    }
  }

  /** What is said of the whole jar: of a file in it only its digest is, for the signature. */
  private static Manifest withoutDigests(Manifest manifest) {
    var whole = new Manifest();
    whole.getMainAttributes().putAll(manifest.getMainAttributes());
    return whole;
  }

  /** The manifest first, as the jar format wants it; then by name. */
  private static List<ZipEntry> entries(JarFile jar) {
    return jar.stream()
        .<ZipEntry>map(entry -> entry)
        .sorted(
            Comparator.comparing(
                    (ZipEntry entry) -> !entry.getName().startsWith("META-INF/MANIFEST"))
                .thenComparing(ZipEntry::getName))
        .toList();
  }
}
