package io.cloister.bundle.assemble;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package of the build host's distribution that a library came from, as dpkg knows it.
 *
 * @param distribution as in os-release(5): {@code debian}
 * @param release as in os-release(5): {@code 12}
 * @param source the package of its source code, with that one's version
 */
record HostPackage(
    String name, String version, String distribution, String release, String source) {

  private static final Pattern PARAGRAPHS = Pattern.compile("\n\n");

  /** {@code gcc-12}, or {@code gcc-12 (12.2.0-14)} where the versions differ. */
  private static final Pattern SOURCE = Pattern.compile("(\\S+)(?: \\((\\S+)\\))?");

  /** Reads dpkg's status file and os-release(5); empty where there is no such package. */
  static Optional<HostPackage> find(String name, Path status, Path osRelease) throws IOException {
    if (!Files.exists(status) || !Files.exists(osRelease)) {
      return Optional.empty();
    }
    Map<String, String> system = fields(Files.readString(osRelease).replace("\"", ""), "=");
    return PARAGRAPHS
        .splitAsStream(Files.readString(status))
        .map(paragraph -> fields(paragraph, ": "))
        .filter(fields -> name.equals(fields.get("Package")) && fields.containsKey("Version"))
        .findFirst()
        .map(fields -> of(name, fields.getOrDefault("Version", ""), fields, system));
  }

  private static HostPackage of(
      String name, String version, Map<String, String> fields, Map<String, String> system) {
    Matcher source = SOURCE.matcher(fields.getOrDefault("Source", name));
    boolean stated = source.lookingAt();
    String sourceName = stated ? source.group(1) : name;
    String sourceVersion = Optional.ofNullable(stated ? source.group(2) : null).orElse(version);
    return new HostPackage(
        name,
        version,
        system.getOrDefault("ID", "linux"),
        system.getOrDefault("VERSION_ID", ""),
        sourceName + " " + sourceVersion);
  }

  /** Where the distribution keeps its source code for good. */
  String address() {
    String place = source.replace(' ', '/');
    return switch (distribution) {
      case "debian" -> "https://snapshot.debian.org/package/" + place + "/";
      case "ubuntu" -> "https://launchpad.net/ubuntu/+source/" + place;
      default -> "the source package " + source + " of " + distribution + " " + release;
    };
  }

  /** As the package URL specification has it, type {@code deb}. */
  String purl() {
    return "pkg:deb/%s/%s@%s?arch=amd64&distro=%s-%s"
        .formatted(distribution, encode(name), encode(version), distribution, release);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> fields(String text, String separator) {
    Map<String, String> fields = new TreeMap<>();
    for (String line : text.lines().toList()) {
      int end = line.indexOf(separator);
      if (end > 0) {
        fields.putIfAbsent(line.substring(0, end), line.substring(end + separator.length()));
      }
    }
    return fields;
  }
}
