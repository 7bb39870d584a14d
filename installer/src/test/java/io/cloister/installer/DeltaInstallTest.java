package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import io.cloister.repo.publish.PublishOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media that lack something: a delta what the machine has, a scratched one what parity mends. */
final class DeltaInstallTest {
  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;
  private TestMedium vendor;

  @BeforeEach
  void aBareMachineAndAVendor() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    paths = new HostPaths(operator.root());
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", model("m1", 1));
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Path model(String name, int seed) throws Exception {
    return FakeRelease.modelInParts(content(name), seed);
  }

  private void installed(Seen seen) {
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(operator.types("status").out()).contains("digits", "ready");
  }

  @Test
  void aDeltaUpdatesTheMachineItWasMadeForAndRefusesAnother() throws Exception {
    installed(operator.installs(vendor.folder(), vendor.anchor()));
    vendor.add(Kind.MODEL, "digits", "1.1.0", model("m2", 2));
    Path delta =
        vendor.publish("delta", PublishOptions.BUNDLE.withSince("0.1.0", "model-digits-1.0.0"));
    assertThat(Files.size(delta)).isLessThan(1_000_000);
    Seen bare = Operator.at(scratch.resolve("other")).installs(delta, vendor.anchor());
    assertThat(bare.exit()).isEqualTo(5);
    assertThat(bare.err())
        .contains("[MEDIA-BASE-ABSENT]", "model-digits-1.0.0, runtime-linux-x64-0.1.0");
    Seen seen = operator.types("verify", delta.toString());
    assertThat(seen.err()).isEmpty();
    seen = operator.types("update", delta.toString());
    assertThat(seen.err()).isEmpty();
    assertThat(operator.types("status").out()).contains("1.1.0", "ready");
    assertThat(paths.model("digits", "1.1.0").resolve("part-0"))
        .hasSameBinaryContentAs(content("m2").resolve("part-0"));
  }

  /** Whoever only asks must not hear that it fits. */
  @Test
  void aPlanForADeltaWithoutItsBaseIsRefusedToo() throws Exception {
    Path delta = vendor.publish("delta", PublishOptions.FOLDER.withSince("0.1.0"));
    for (String[] asked :
        new String[][] {
          {"install", delta.toString(), "--trusted-root", vendor.anchor(), "--dry-run"},
          {"preflight", delta.toString(), "--trusted-root", vendor.anchor()}
        }) {
      Seen seen = operator.types(asked);
      assertThat(seen.exit()).isEqualTo(5);
      assertThat(seen.err()).contains("[MEDIA-BASE-ABSENT]", "runtime-linux-x64-0.1.0");
    }
  }

  @Test
  void aScratchedMediumWithParityIsInstalledWithAWarning() throws Exception {
    Path medium = vendor.publish("parity", PublishOptions.FOLDER.withParity(10));
    Path blob;
    try (Stream<Path> files = Files.walk(medium.resolve("blobs"))) {
      blob = files.filter(file -> file.toFile().length() == 500_000).findFirst().orElseThrow();
    }
    Files.write(blob, new byte[500_000]);
    Seen verify = operator.types("verify", medium.toString(), "--trusted-root", vendor.anchor());
    assertThat(verify.err()).isEmpty();
    assertThat(verify.out()).contains("warning: 1 chunks could not be read");
    Seen seen = operator.installs(medium, vendor.anchor());
    assertThat(seen.out()).contains("warning: 1 chunks could not be read");
    installed(seen);
  }

  @Test
  void aDeltaIsRefusedWhereTheBaseWasChanged() throws Exception {
    installed(operator.installs(vendor.folder(), vendor.anchor()));
    vendor.add(Kind.MODEL, "digits", "1.1.0", model("m2", 2));
    Path delta = vendor.publish("delta", PublishOptions.FOLDER.withSince("model-digits-1.0.0"));
    Path part = paths.model("digits", "1.0.0").resolve("part-0");
    byte[] bytes = Files.readAllBytes(part);
    bytes[5] ^= 1;
    part.toFile().setWritable(true);
    Files.write(part, bytes);
    for (String[] asked :
        new String[][] {{"update", delta.toString(), "--dry-run"}, {"update", delta.toString()}}) {
      Seen seen = operator.types(asked);
      assertThat(seen.err()).contains("[MEDIA-BASE-ABSENT]", "missing   1 blobs");
    }
  }
}
