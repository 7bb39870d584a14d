package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Java runtime of a release: the JDK that builds, reduced to the modules in use. */
final class RuntimeImage {
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.sql",
          "jdk.crypto.cryptoki",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported");

  /**
   * Those of {@link #MODULES}. A name that no module has would be looked for on the class path, at
   * each start, and all of Bouncy Castle set up on the way.
   */
  private static final List<String> SECURITY_PROVIDERS =
      List.of("SUN", "SunRsaSign", "SunEC", "SunJSSE", "SunJCE", "SunPKCS11");

  private static final Pattern SECURITY_PROVIDER =
      Pattern.compile("security\\.provider\\.\\d+=(\\w+)");

  private RuntimeImage() {}

  /** Links the image unless the folder holds one of the same modules and the same JDK. */
  static void link(Path image, BuildJdk jdk) throws IOException {
    Path stamp = image.resolveSibling(image.getFileName() + ".of");
    String wanted = jdk.statement() + MODULES + " " + SECURITY_PROVIDERS;
    if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.deleteIfExists(stamp);
    Folders.delete(image);
    jlink(image);
    replaceLinks(image);
    keepSecurityProviders(image.resolve("conf/security/java.security"));
    ClassArchive.writeOfJava(image);
    Files.writeString(stamp, wanted);
  }

  /**
   * Not compressed: package manifests compress in chunks, and better. Native symbols stay: taking
   * them out needs objcopy, which a machine that builds need not have, and JDKs come without them.
   */
  private static void jlink(Path image) throws IOException {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IOException("this JDK has no jlink: " + Runtime.version()));
    int status =
        jlink.run(
            System.out,
            System.err,
            "--add-modules",
            String.join(",", MODULES),
            "--strip-java-debug-attributes",
            "--compress",
            "zip-0",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            image.toString());
    if (status != 0) {
      throw new IOException("jlink ended with status " + status);
    }
  }

  private static void keepSecurityProviders(Path settings) throws IOException {
    List<String> lines = new ArrayList<>();
    int kept = 0;
    for (String line : Files.readAllLines(settings)) {
      Matcher provider = SECURITY_PROVIDER.matcher(line);
      if (!provider.matches()) {
        lines.add(line);
      } else if (SECURITY_PROVIDERS.contains(provider.group(1))) {
        kept++;
        lines.add("security.provider." + kept + "=" + provider.group(1));
      }
    }
    if (kept != SECURITY_PROVIDERS.size()) {
      throw new IOException(settings + " does not name all of " + SECURITY_PROVIDERS);
    }
    Files.write(settings, lines);
  }

  /** Package manifests know files only; the links are the licence texts that modules share. */
  private static void replaceLinks(Path image) throws IOException {
    try (Stream<Path> paths = Files.walk(image)) {
      for (Path link : paths.filter(Files::isSymbolicLink).collect(Collectors.toList())) {
        byte[] content = Files.readAllBytes(link);
        Files.delete(link);
        Files.write(link, content);
      }
    }
  }
}
