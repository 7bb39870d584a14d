package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newer model arrives, is taken back, and the vendor gets to see how it went. */
class J02ModelUpdate {
  @TempDir Path folder;

  @Test
  void aNewerModelServesAndTheWayBackIsOneCommand() throws IOException, InterruptedException {
    Vendor vendor = Vendor.open(folder.resolve("vendor"));
    Path first = vendor.addRuntime().addModel("1.0.0").publish("first");
    Path second = vendor.addModel("1.1.0").publish("second");
    try (Site site = Site.open(first)) {
      site.install(first).ended(0);
      assertThat(site.serving()).isEqualTo("1.0.0");

      site.cloister("update", second.toString()).ended(0);
      assertThat(site.serving()).isEqualTo("1.1.0");

      Command older = site.cloister("update", first.toString()).ended(3);
      assertThat(older.output()).contains("[TRUST-ROLLBACK]");
      assertThat(site.serving()).as("after a refused update").isEqualTo("1.1.0");

      site.cloister("rollback").ended(0);
      assertThat(site.serving()).isEqualTo("1.0.0");

      collect(site);
    }
  }

  /** The archive is made with the appliance stopped, and the token is not in it. */
  private void collect(Site site) throws IOException, InterruptedException {
    site.cloister("stop").ended(0);
    Path archive = folder.resolve("support.tar.gz");
    site.cloister("support", "collect", "--output", archive.toString()).ended(0);
    Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
    Command.run(List.of("tar", "-xzf", archive.toString(), "-C", unpacked.toString())).ended(0);
    String token = Files.readString(site.token()).strip();
    try (Stream<Path> files = Files.walk(unpacked)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(token));
    }
  }
}
