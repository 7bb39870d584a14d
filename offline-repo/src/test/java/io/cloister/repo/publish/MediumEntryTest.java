package io.cloister.repo.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.repo.metadata.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SHA256SUMS and signed manifests say of a file is what is written to the medium. */
final class MediumEntryTest {
  @TempDir Path folder;

  @Test
  void aFileThatChangesAfterItWasHashedIsNotPublished() throws Exception {
    Path file = Files.writeString(folder.resolve("bootstrap.tar.gz"), "what was built");
    MediumEntry entry = MediumEntry.copy("bootstrap", file);
    var out = new ByteArrayOutputStream();
    entry.write(out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("what was built");
    assertThat(entry.digest()).isEqualTo(Sha256.of(Files.readAllBytes(file)));
    for (String other : new String[] {"what was BUILT", "what was", "what was built, and more"}) {
      Files.writeString(file, other);
      assertThatThrownBy(() -> entry.write(new ByteArrayOutputStream()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file + " changed");
    }
  }
}
