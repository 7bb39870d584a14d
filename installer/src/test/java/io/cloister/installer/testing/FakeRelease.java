package io.cloister.installer.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

/** The content of a runtime package whose appliance is {@link FakeAppliance}. */
public final class FakeRelease {
  private FakeRelease() {}

  /** Behaves. */
  public static Path write(Path folder, String version) throws IOException {
    Path launcher = folder.resolve("bin/cloister-appliance");
    Files.createDirectories(launcher.getParent());
    Files.writeString(
        launcher,
        program(
            Path.of(System.getProperty("java.home"), "bin/java"),
            Path.of("target/test-classes").toAbsolutePath()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve("RELEASE"), "version=" + version + "\nplatform=linux-x64\nglibc=2.17\n");
    return folder;
  }

  private static String program(Path java, Path classes) {
    return """
        #!/bin/sh
        home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P) || exit 1
        case $1 in
          setup)
            if [ -e "$home/setup-fails" ]; then echo "error: no such luck" >&2; exit 3; fi
            if [ -e "$home/babbles" ]; then echo "a library greets"; fi
            if [ -e "$home/mumbles" ]; then echo "so clst_first it is"; exit 0; fi
            own=$5/var/lib/cloister/appliance; mkdir -p "$own/db/$7" "$own/tls"
            [ -e "$own/tls/key.pem" ] || echo pem | tee "$own/tls/cert.pem" > "$own/tls/key.pem"
            echo '{"certificate_sha256":"AA:BB","token":"clst_first"}' ;;
          hand-over)
            if [ -e "$home/keeps-its-data" ]; then echo "error: no such luck" >&2; exit 3; fi
            db=$5/var/lib/cloister/appliance/db; mkdir -p "$db/$3"
            cat "$db/$7/data" > "$db/$3/handed-over.sql" 2>/dev/null
            echo "$7" > "$db/$3/from" ;;
          train)
            if [ -e "$home/trains-long" ]; then echo $$ > training.pid; exec cat; fi
            mkdir -p "$home/aot" && echo archive > "$home/aot/x.aot" ;;
          serve)
            if [ -e "$home/serve-fails" ]; then echo "error: no such luck" >&2; exit 3; fi
            trap '' HUP
            exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx64m \\
              -cp '%s' io.cloister.installer.testing.FakeAppliance "$home" "$@" ;;
        esac
        """
        .formatted(java, classes);
  }

  /** Has a file more, whose name says how it misbehaves. */
  public static Path write(Path folder, String version, String misbehaviour) throws IOException {
    write(folder, version);
    Files.writeString(folder.resolve(misbehaviour), "");
    return folder;
  }

  /** The content of a model package; a version that says {@code refuse} is refused. */
  public static Path model(Path folder, String description) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("model.yaml"), "format: 1\ndescription: " + description + "\n");
    Files.write(folder.resolve("model.onnx"), new byte[100_000]);
    return folder;
  }

  /** Of four parts of 500,000 bytes, of which all but the last are the same for every seed. */
  public static Path modelInParts(Path folder, int seed) throws IOException {
    model(folder, "model " + seed);
    for (int i = 0; i < 4; i++) {
      byte[] part = new byte[500_000];
      new Random(i == 3 ? seed : i + 100).nextBytes(part);
      Files.write(folder.resolve("part-" + i), part);
    }
    return folder;
  }
}
