package io.cloister.installer.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power cut at the k-th operation, for every k, of the swap and of what follows it. */
final class SwapTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final SitePolicy POLICY =
      new SitePolicy(SignaturePolicy.THRESHOLD, Duration.ofDays(30));
  private static final String CUT = "the power is cut";

  @TempDir Path scratch;

  @Test
  void leavesTheWholeOldOrTheWholeNewWhereverThePowerIsCut() throws Exception {
    Map<String, String> old = content(host("old"));
    HostPaths whole = host("new");
    swap(whole);
    Map<String, String> restored = content(whole);
    assertThat(restored).isNotEqualTo(old).containsValue("rw-r--r-- bmV3");
    assertThat(restored.keySet()).noneMatch(path -> path.endsWith("appliance/tokens"));
    int atOld = 0;
    int atNew = 0;
    int k = 1;
    while (true) {
      HostPaths host = host("cut" + k);
      boolean cut = cut(host, k++);
      settle(host);
      Map<String, String> left = content(host);
      assertThat(left).as("cut at operation %s", k).isIn(old, restored);
      if (!cut) {
        break;
      }
      atOld += left.equals(old) ? 1 : 0;
      atNew += left.equals(restored) ? 1 : 0;
    }
    assertThat(atOld).isGreaterThan(40);
    assertThat(atNew).as("cuts after it held").isGreaterThan(5);
  }

  @Test
  void puttingBackIsPutRightTooWhereverThePowerIsCut() throws Exception {
    Map<String, String> old = content(host("old"));
    boolean cut = true;
    int k = 1;
    while (cut) {
      HostPaths host = host("cut" + k);
      begin(host);
      cut = cutWhileSettling(host, k++);
      settle(host);
      assertThat(content(host)).as("cut at operation %s", k).isEqualTo(old);
    }
    assertThat(k).isGreaterThan(15);
  }

  @Test
  void whatTheServiceMadeTooDeepToBeDeletedKeepsNothingFromItsEnd() throws Exception {
    HostPaths host = host("old");
    String deep = "0.1.0" + "/x".repeat(40);
    Files.createDirectories(host.databases().resolve(deep));
    swap(host);
    assertThat(host.journal()).isEmptyDirectory();
    assertThat(host.databases().resolve("0.1.0/handed-over.sql")).hasContent("new");
    assertThat(host.settings().resolveSibling("cloister.yaml.before")).doesNotExist();
    new Swap(host).clear();
    assertThat(host.databases().resolveSibling("db.before")).doesNotExist();
  }

  private HostPaths host(String name) throws IOException {
    var paths = new HostPaths(scratch.resolve(name));
    write(paths.settings(), "old");
    write(paths.databases().resolve("0.1.0/data"), "old");
    write(paths.databases().resolve("0.0.9/data"), "old");
    write(paths.certificates().resolve("cert.pem"), "old");
    write(paths.tokens(), "old");
    write(paths.secrets().resolve("data-key"), "old");
    return paths;
  }

  private static void write(Path file, String content) throws IOException {
    DurableFiles.createFolders(file.resolveSibling(""));
    DurableFiles.write(file, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void swap(HostPaths paths) throws IOException {
    Swap swap = begin(paths);
    swap.hold();
    swap.finish();
  }

  private static Swap begin(HostPaths paths) throws IOException {
    var swap = new Swap(paths);
    swap.begin(POLICY, true, NOW);
    swap.clear();
    write(swap.fresh(paths.settings()), "new");
    write(swap.fresh(paths.databases()).resolve("0.1.0/handed-over.sql"), "new");
    write(swap.fresh(paths.certificates()).resolve("cert.pem"), "new");
    write(swap.fresh(paths.secrets().resolve("data-key.cred")), "new");
    swap.exchange();
    return swap;
  }

  private static void settle(HostPaths paths) throws IOException {
    var swap = new Swap(paths);
    if (swap.isOpen()) {
      swap.putBack();
    } else {
      swap.finish();
    }
  }

  /** False when all of it was done before. */
  private static boolean cut(HostPaths host, int at) {
    try {
      swap(new HostPaths(new FaultyFileSystem(at, CUT).path(host.root())));
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(CUT);
      return true;
    }
  }

  private static boolean cutWhileSettling(HostPaths host, int at) {
    try {
      settle(new HostPaths(new FaultyFileSystem(at, CUT).path(host.root())));
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(CUT);
      return true;
    }
  }

  /** What a release or the next command would find; a journal's unfinished file is none. */
  private static Map<String, String> content(HostPaths paths) throws Exception {
    TrustStore.at(paths.trust()).policy();
    return Tree.of(paths.root()).entrySet().stream()
        .filter(entry -> !entry.getKey().contains("/journal"))
        .filter(entry -> !entry.getKey().contains("/trust"))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue() + ""));
  }
}
