package io.cloister.installer.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.BackupDamaged;
import io.cloister.installer.InstallRefusal.BackupPassphrase;
import io.cloister.installer.InstallRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFileTest {
  private static final char[] SECRET = "correct horse b\u00e4ttery".toCharArray();
  private static final byte[] CONTENT = "what is the site's own".getBytes(StandardCharsets.UTF_8);

  @TempDir Path scratch;
  private SealedFile file;

  @BeforeEach
  void seal() throws IOException {
    file = new SealedFile(scratch.resolve("site.backup"));
    file.write(CONTENT, SECRET, new SecureRandom());
  }

  private InstallRefusal refusal(byte[] changed, char[] secret) throws IOException {
    Files.write(file.path(), changed);
    try {
      file.read(secret);
      throw new AssertionError("it was taken");
    } catch (InstallRefusedException e) {
      return e.refusals().getFirst();
    }
  }

  @Test
  void opensWithItsPassphraseAndIsForItsOwnerAlone() throws Exception {
    assertThat(file.read(SECRET)).isEqualTo(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file.path(), StandardCharsets.ISO_8859_1)).doesNotContain("site's");
  }

  @Test
  void refusesAnotherPassphrase() throws IOException {
    assertThat(refusal(Files.readAllBytes(file.path()), "correct horse battery".toCharArray()))
        .isInstanceOf(BackupPassphrase.class);
  }

  @Test
  void findsAnyChangedByte() throws IOException {
    byte[] sealed = Files.readAllBytes(file.path());
    for (int at = 0; at < sealed.length; at += 1 + sealed.length / 40) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      Files.write(file.path(), changed);
      try {
        assertThat(file.read(SECRET)).as("byte %s means nothing", at).isEqualTo(CONTENT);
      } catch (InstallRefusedException e) {
        assertThat(e.refusals().getFirst())
            .isInstanceOfAny(BackupDamaged.class, BackupPassphrase.class);
      }
    }
    byte[] changed = sealed.clone();
    changed[new String(sealed, StandardCharsets.ISO_8859_1).length() - 20] ^= 1;
    assertThat(refusal(changed, SECRET)).isInstanceOf(BackupDamaged.class);
  }

  @Test
  void refusesAFileThatIsCutOrSomethingElse() throws IOException {
    byte[] sealed = Files.readAllBytes(file.path());
    assertThat(refusal(Arrays.copyOf(sealed, sealed.length / 2), SECRET))
        .isInstanceOf(BackupDamaged.class);
    assertThat(refusal(new byte[0], SECRET)).isInstanceOf(BackupDamaged.class);
    assertThat(refusal(CONTENT, SECRET)).isInstanceOf(BackupDamaged.class);
  }

  @Test
  void neverReplacesAFileOrALink() throws IOException {
    Path link = Files.createSymbolicLink(scratch.resolve("link"), scratch.resolve("nowhere"));
    for (Path there : new Path[] {file.path(), link}) {
      assertThatThrownBy(() -> new SealedFile(there).write(CONTENT, SECRET, new SecureRandom()))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(scratch.resolve("nowhere")).doesNotExist();
    try (var left = Files.list(scratch)) {
      assertThat(left).containsExactlyInAnyOrder(file.path(), link);
    }
  }
}
