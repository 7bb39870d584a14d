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
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A jar as it is shipped. One that carries native libraries is written anew without them: those of
 * this platform go beside the jars, so that nothing is unpacked at run time (a {@code noexec}
 * temporary folder would break that). Any other jar keeps its bytes, and so its published digest.
 *
 * @param file the jar in the release
 * @param rewritten whether the bytes differ from the published ones
 * @param natives the libraries that came out of it
 */
record ShippedJar(Path file, boolean rewritten, List<Path> natives) {
  /** Native code of any platform, and what belongs to it. */
  private static final Pattern NATIVE =
      Pattern.compile(".*(\\.(so|dll|dylib|jnilib|a)|\\.dSYM/.*)");

  /** Where jars keep the libraries of linux-x64, and their names in the release. */
  private static final Map<Pattern, String> LINUX_X64 =
      Map.of(
          Pattern.compile("ai/onnxruntime/native/linux-x64/(lib\\w+\\.so)"), "$1",
          Pattern.compile("native/lib/linux-x86_64/cpu/(libtokenizers\\.so)"), "$1",
          Pattern.compile("linux/amd64/libzstd-jni-[\\d.-]+\\.so"), "libzstd-jni.so");

  /** Zip times have no zone; this is 1980-01-01, the earliest. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  ShippedJar {
    natives = List.copyOf(natives);
  }

  static ShippedJar ship(Path jar, Path lib, Path nativeFolder) throws IOException {
    Path shipped = lib.resolve(jar.getFileName());
    try (var zip = new ZipFile(jar.toFile())) {
      List<Path> natives = new ArrayList<>();
      boolean rewrite = false;
      for (ZipEntry entry : entries(zip)) {
        rewrite |= NATIVE.matcher(entry.getName()).matches();
        Optional<Path> library = releaseName(entry.getName()).map(nativeFolder::resolve);
        if (library.isPresent()) {
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, library.get(), StandardCopyOption.REPLACE_EXISTING);
          }
          natives.add(library.get());
        }
      }
      if (rewrite) {
        writeWithoutNatives(zip, shipped);
      } else {
        Files.copy(jar, shipped, StandardCopyOption.REPLACE_EXISTING);
      }
      return new ShippedJar(shipped, rewrite, natives);
    }
  }

  private static Optional<String> releaseName(String entry) {
    return LINUX_X64.entrySet().stream()
        .filter(rule -> rule.getKey().matcher(entry).matches())
        .map(rule -> rule.getKey().matcher(entry).replaceFirst(rule.getValue()))
        .findFirst();
  }

  private static void writeWithoutNatives(ZipFile zip, Path shipped) throws IOException {
    try (OutputStream file = Files.newOutputStream(shipped);
        var out = new ZipOutputStream(file)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      for (ZipEntry entry : entries(zip)) {
        if (!entry.isDirectory() && !NATIVE.matcher(entry.getName()).matches()) {
          var copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(ENTRY_TIME);
          out.putNextEntry(copy);
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }

  /** The manifest first, as the jar format wants it; then by name. */
  private static List<ZipEntry> entries(ZipFile zip) {
    return zip.stream()
        .<ZipEntry>map(entry -> entry)
        .sorted(
            Comparator.comparing(
                    (ZipEntry entry) -> !entry.getName().startsWith("META-INF/MANIFEST"))
                .thenComparing(ZipEntry::getName))
        .toList();
  }
}
