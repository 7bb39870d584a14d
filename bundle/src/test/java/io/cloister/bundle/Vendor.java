package io.cloister.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The vendor at work: keys, a repository, media; all by the real {@code cloister-repo}. */
final class Vendor {
  static final String MODEL = "all-minilm-l6-v2";
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private final Path folder;

  private Vendor(Path folder) {
    this.folder = folder;
  }

  /** A vendor with fresh keys and an empty repository. */
  static Vendor open(Path folder) throws IOException, InterruptedException {
    var vendor = new Vendor(Files.createDirectories(folder));
    for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
      vendor.repo("key", "generate", vendor.key(role));
    }
    vendor.repo(
        "init",
        vendor.repository(),
        "--root",
        vendor.key("root"),
        "--targets",
        vendor.key("targets"),
        "--snapshot",
        vendor.key("snapshot"),
        "--timestamp",
        vendor.key("timestamp"));
    return vendor;
  }

  Vendor addRuntime() throws IOException, InterruptedException {
    return add(TARGET.resolve("release"), "runtime", "linux-x64", "0.1.0");
  }

  /** The same programs under another version. */
  Vendor addRuntime(String version) throws IOException, InterruptedException {
    Path release = folder.resolve("release-" + version);
    Command.run(List.of("cp", "-r", TARGET.resolve("release").toString(), release.toString()))
        .ended(0);
    Path stated = release.resolve("RELEASE");
    Files.writeString(
        stated, Files.readString(stated).replaceFirst("version=.*", "version=" + version));
    return add(release, "runtime", "linux-x64", version);
  }

  Vendor addModel(String version) throws IOException, InterruptedException {
    return add(TARGET.resolve("models").resolve(MODEL + "-" + version), "model", MODEL, version);
  }

  /** One that a test has made. */
  Vendor addModel(Path content, String name, String version)
      throws IOException, InterruptedException {
    return add(content, "model", name, version);
  }

  /** Signs what was added and writes a medium. */
  Path publish(String name) throws IOException, InterruptedException {
    repo(
        "sign",
        repository(),
        "--key",
        key("targets"),
        "--key",
        key("snapshot"),
        "--key",
        key("timestamp"));
    Path medium = folder.resolve(name);
    repo(
        "publish",
        repository(),
        medium.toString(),
        "--bootstrap",
        TARGET.resolve("bootstrap-linux-x64.tar.gz").toString());
    return medium;
  }

  /** The line of the vendor's letter that a first install trusts. */
  static String trustedRoot(Path medium) throws IOException {
    byte[] root = Files.readAllBytes(medium.resolve("metadata/1.root.json"));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return "sha256:" + HexFormat.of().formatHex(digest.digest(root));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Vendor add(Path content, String kind, String name, String version)
      throws IOException, InterruptedException {
    repo(
        "add",
        repository(),
        content.toString(),
        "--kind",
        kind,
        "--name",
        name,
        "--version",
        version);
    return this;
  }

  private String key(String role) throws IOException {
    return Files.createDirectories(folder.resolve("keys")).resolve(role + ".pem").toString();
  }

  private String repository() {
    return folder.resolve("repository").toString();
  }

  private void repo(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(TARGET.resolve("vendor/bin/cloister-repo").toString());
    line.addAll(List.of(arguments));
    Command.run(line).ended(0);
  }
}
