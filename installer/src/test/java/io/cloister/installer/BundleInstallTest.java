package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import io.cloister.repo.publish.PublishOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file, through a pipe, as a data diode delivers it. */
final class BundleInstallTest {
  @TempDir Path scratch;
  private Operator operator;
  private TestMedium vendor;

  @BeforeEach
  void aBareMachineAndAVendor() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m1"), "first"))
            .add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Path bundle(String name) throws Exception {
    return vendor.publish(name, PublishOptions.BUNDLE);
  }

  private Seen installs(InputStream in) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("install", "-", "--trusted-root", vendor.anchor()));
    words.addAll(Operator.ports());
    return operator.pipes(in, words.toArray(String[]::new));
  }

  @Test
  void aBundleIsInstalledAndUpdatedFromAPipe() throws Exception {
    try (InputStream in = Files.newInputStream(bundle("one.tar"))) {
      Seen seen = installs(in);
      assertThat(seen.err()).isEmpty();
      assertThat(seen.exit()).isZero();
    }
    assertThat(operator.types("status").out()).contains("digits", "1.1.0", "ready");
    vendor.add(Kind.MODEL, "digits", "1.2.0", FakeRelease.model(content("m3"), "third"));
    try (InputStream in = Files.newInputStream(bundle("two.tar"))) {
      Seen seen = operator.pipes(in, "update", "-");
      assertThat(seen.err()).isEmpty();
      assertThat(seen.exit()).isZero();
    }
    assertThat(operator.types("status").out()).contains("1.2.0", "ready");
  }

  @Test
  void aBundleIsVerifiedFromAPipeAndFromAFile() throws Exception {
    Path file = bundle("one.tar");
    try (InputStream in = Files.newInputStream(file)) {
      Seen seen = operator.pipes(in, "verify", "-", "--trusted-root", vendor.anchor());
      assertThat(seen.err()).isEmpty();
      assertThat(seen.out()).contains("every byte of this medium is proven");
    }
    Seen seen = operator.types("verify", file.toString(), "--trusted-root", vendor.anchor());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out()).contains("every byte of this medium is proven");
  }

  @Test
  void aPipeThatEndsEarlyChangesNothing() throws Exception {
    byte[] whole = Files.readAllBytes(bundle("one.tar"));
    Map<String, String> before = Tree.of(operator.root());
    for (int length : new int[] {0, 300, 20_000, whole.length / 2, whole.length - 512}) {
      Seen seen = installs(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
      String code = length < 512 ? "[MEDIA-NOT-BUNDLE]" : "[MEDIA-BUNDLE]";
      assertThat(seen.err()).contains(code, "nothing is installed");
      assertThat(seen.exit()).isEqualTo(5);
      assertThat(Tree.of(operator.root())).isEqualTo(before);
    }
  }
}
