package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.activate.FirstInstall;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Kind;
import io.cloister.repo.media.Medium;
import io.cloister.repo.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up at the k-th operation of a first install, for every k while it stages. */
final class FullDiskTest {
  private static final String FULL = "No space left on device";

  @TempDir Path scratch;

  @Test
  void aDiskThatFillsUpWhileStagingLeavesTheMachineAsItWas() throws Exception {
    Path root = Files.createDirectories(scratch.resolve("host"));
    Files.writeString(root.resolve("somebody-elses"), "untouched");
    Operator operator = Operator.at(root);
    TestMedium vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m"), "first"));
    Path medium = vendor.folder();
    Map<String, String> before = Tree.of(root);

    int failures = 0;
    while (fillsUp(failures + 1, root, medium, vendor.anchor(), operator)) {
      failures++;
      operator.types("update", medium.toString());
      assertThat(Tree.of(root)).as("after operation %s failed", failures).isEqualTo(before);
    }
    assertThat(failures).as("operations of a staging that can fail").isGreaterThan(40);
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  /** False when staging came to its end before the disk was full. */
  private static boolean fillsUp(
      int failsAt, Path root, Path medium, String anchor, Operator operator) throws Exception {
    var paths = new HostPaths(new FaultyFileSystem(failsAt, FULL).path(root));
    Medium folder = Medium.folder(medium);
    MediumClient client =
        MediumClient.open(
            folder, TrustStore.at(paths.trust(), Anchor.parse(anchor)), operator.now());
    Catalog catalog = client.refresh();
    InstallPlan plan =
        InstallPlan.plan(catalog, Slots.EMPTY, "linux-x64", "", operator.now()).orElseThrow();
    var stager = new Stager(paths, new PackageReader(folder, catalog.packages()), _ -> {});
    var settings =
        new SettingsFile(new Listener("127.0.0.1", 18443), new Listener("127.0.0.1", 19443));
    try {
      new FirstInstall(stager, client, settings, Patience.USUAL, _ -> {}).apply(plan);
      throw new AssertionError("the service cannot start on this file system");
    } catch (IOException | RefusedException full) {
      assertThat(full).hasMessageContaining(FULL);
      return true;
    } catch (UnsupportedOperationException staged) {
      return false;
    }
  }
}
