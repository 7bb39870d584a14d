package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfTest {
  private static final Path JLI = Path.of(System.getProperty("java.home"), "lib/libjli.so");

  @TempDir Path folder;

  @Test
  void aLibraryOfThisJdkNeedsGlibc() throws IOException {
    assertThat(Elf.neededLibraries(JLI)).contains("libc.so.6");
    assertThat(Elf.neededVersions(JLI)).anyMatch(version -> version.startsWith("GLIBC_2."));
    assertThat(Elf.soname(JLI)).containsExactly("libjli.so");
  }

  @Test
  void aTextFileIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no library");
    assertThat(Elf.isElf(text)).isFalse();
    assertThatThrownBy(() -> Elf.neededVersions(text)).hasMessageContaining("no 64-bit ELF file");
  }

  @Test
  void aTruncatedLibraryIsRefused() throws IOException {
    byte[] half = Arrays.copyOf(Files.readAllBytes(JLI), (int) (Files.size(JLI) / 2));
    Path library = Files.write(folder.resolve("half.so"), half);
    assertThatThrownBy(() -> Elf.neededVersions(library)).hasMessageContaining("damaged");
  }

  @Test
  void aFolderWithoutProgramsHasNoOldestGlibc() {
    assertThatThrownBy(() -> OldestGlibc.of(folder)).hasMessageContaining("no program");
  }
}
