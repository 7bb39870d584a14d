package io.cloister.bundle.assemble;

import io.cloister.installer.cli.Cloister;
import io.cloister.repo.cli.CloisterRepo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Assembles what is shipped, from jars and a bill of materials that Maven left in {@code target/}:
 * the release folder, the bootstrap archive, the vendor's tool and the model packages. The same
 * sources, dependencies and JDK give the same bytes.
 */
public final class Assemble {
  private static final String PLATFORM = "linux-x64";

  private final Path sources;
  private final Path target;
  private final String version;
  private final Path release;
  private final CommandFiles commandFiles;

  private Assemble(Path module, String version, Instant time) {
    this.sources = module.resolve("src/main");
    this.target = module.resolve("target");
    this.version = version;
    this.release = target.resolve("release");
    this.commandFiles =
        new CommandFiles(
            sources.resolve("man"), version, LocalDate.ofInstant(time, ZoneOffset.UTC));
  }

  /**
   * Arguments: the folder of this module, the release's version, and the time that archives state.
   */
  public static void main(String[] args) throws IOException {
    Path module = Path.of(args[0]).toAbsolutePath();
    Instant time = Instant.parse(args[2]);
    var assemble = new Assemble(module, args[1], time);
    Sbom sbom = assemble.release();
    assemble.bootstrap(sbom, time);
    assemble.vendor(sbom);
    ModelPackages.write(
        module.resolve("src/models"),
        assemble.target.resolve("model-files"),
        assemble.target.resolve("models"));
  }

  private Sbom release() throws IOException {
    Folders.delete(release);
    Path lib = Files.createDirectories(release.resolve("lib"));
    Path natives = Files.createDirectories(release.resolve("native"));
    BuildJdk jdk = BuildJdk.current();
    Path java = java(jdk);
    Folders.copy(sources.resolve("systemd"), release.resolve("systemd"), file -> true);

    Sbom sbom = Sbom.read(target.resolve("bom.json"));
    Notices notices = Notices.read(sources.resolve("licenses"));
    List<Sbom.Component> foreign = new ArrayList<>();
    for (Sbom.Component jar : sbom.components()) {
      sbom.describe(
          ShippedJar.ship(target.resolve("jars").resolve(jar.jar()), lib, natives), notices);
      if (!jar.group().equals("io.cloister")) {
        foreign.add(jar);
        sbom.licence(jar, notices.of(jar));
      }
    }
    sbom.addJavaRuntime(jdk, BuildJdk.modules(java));
    HostLibraries.complete(natives, natives);
    for (HostLibraries.Found library : HostLibraries.in(release)) {
      sbom.addNative(release, library);
    }
    notices.write(release, foreign, jdk);
    sbom.write(release.resolve("sbom.cdx.json"), version);

    program(release, "cloister", "io.cloister.installer.cli.Cloister", installer(sbom));
    program(
        release,
        "cloister-appliance",
        "io.cloister.appliance.Main",
        sbom.jarsOf("cloister-appliance"));
    commandFiles.write(Cloister.describe(), 8, release);
    writeJarsDigest(lib);
    writeStatement();
    return sbom;
  }

  private Path java(BuildJdk jdk) throws IOException {
    RuntimeImage.link(target.resolve("jre"), jdk);
    Path java = release.resolve("jre");
    Folders.copy(target.resolve("jre"), java, file -> true);
    HostLibraries.complete(java, java.resolve("lib"));
    return java;
  }

  private static Set<String> installer(Sbom sbom) throws IOException {
    return sbom.jarsOf("cloister-installer");
  }

  private void program(Path folder, String name, String mainClass, Collection<String> jars)
      throws IOException {
    ClassPathJar.write(folder.resolve("lib").resolve(name + ".jar"), mainClass, jars);
    Path launcher = folder.resolve("bin").resolve(name);
    Files.createDirectories(launcher.getParent());
    Files.copy(
        sources.resolve("launchers").resolve(name), launcher, StandardCopyOption.REPLACE_EXISTING);
    Folders.makeExecutable(launcher);
  }

  /** The digest of what {@code sha256sum *.jar} prints in {@code lib/}: it names the AOT cache. */
  private static void writeJarsDigest(Path lib) throws IOException {
    var sums = new StringBuilder();
    for (Path jar : Folders.files(lib)) {
      sums.append(Sha256.of(lib.resolve(jar))).append("  ").append(jar).append('\n');
    }
    String digest = Sha256.of(sums.toString().getBytes(StandardCharsets.UTF_8));
    Files.writeString(lib.resolve("jars.sha256"), digest + "\n");
  }

  private void writeStatement() throws IOException {
    OldestGlibc glibc = OldestGlibc.of(release);
    Files.writeString(
        release.resolve("RELEASE"),
        "version=%s\nplatform=%s\nglibc=%s\n".formatted(version, PLATFORM, glibc.version()));
    System.out.printf("oldest glibc %s, needed by %s%n", glibc.version(), glibc.neededBy());
  }

  /** What runs before anything is installed: the runtime, the operator's command, its jars. */
  private void bootstrap(Sbom sbom, Instant time) throws IOException {
    Path folder = part("bootstrap", installer(sbom));
    program(folder, "cloister", "io.cloister.installer.cli.Cloister", installer(sbom));
    ClassArchive.write(folder, sources.resolve("classes/cloister.classes"), time);
    Archive.write(folder, "cloister", time, target.resolve("bootstrap-" + PLATFORM + ".tar.gz"));
  }

  private void vendor(Sbom sbom) throws IOException {
    Set<String> jars = sbom.jarsOf("cloister-offline-repo");
    Path folder = part("vendor", jars);
    program(folder, "cloister-repo", "io.cloister.repo.cli.CloisterRepo", jars);
    commandFiles.write(CloisterRepo.describe(), 1, folder);
  }

  private Path part(String name, Set<String> jars) throws IOException {
    Path folder = target.resolve(name);
    Folders.delete(folder);
    Files.createDirectories(folder);
    Folders.copy(
        release,
        folder,
        file ->
            file.startsWith("jre")
                || file.startsWith("licenses")
                || file.equals(Path.of("NOTICES.txt"))
                || file.equals(Path.of("RELEASE"))
                || file.equals(Path.of("native/libzstd-jni.so"))
                || (file.startsWith("lib") && jars.contains(file.getFileName().toString())));
    return folder;
  }
}
