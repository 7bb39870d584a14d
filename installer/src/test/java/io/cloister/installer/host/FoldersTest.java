package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service that was taken over leaves behind goes like everything else. */
final class FoldersTest {
  @TempDir Path scratch;

  /** Makes folders in one another, with a file in the deepest, and a link to elsewhere. */
  private void dig(Path in, int letters, int depth) throws Exception {
    String dig =
        "my $x = 'x' x $ARGV[0]; for (1 .. $ARGV[1]) { mkdir $x or die; chdir $x or die }"
            + " symlink $ARGV[2], 'link' or die; open my $f, '>', 'file' or die; chmod 0500, '.'";
    List<String> line =
        List.of("perl", "-e", dig, "" + letters, "" + depth, scratch.resolve("others") + "");
    assertThat(new ProcessBuilder(line).directory(in.toFile()).inheritIO().start().waitFor())
        .isZero();
  }

  @Test
  void aTreeDeeperThanAPathMayBeLongIsDeletedWhole() throws Exception {
    Path others = Files.createDirectories(scratch.resolve("others"));
    Files.writeString(others.resolve("file"), "untouched");
    Path tree = Files.createDirectories(scratch.resolve("tree"));
    dig(tree, 250, 60);
    dig(tree, 1, 3000);
    Files.createDirectories(tree.resolve("deep0/deep1"));
    Folders.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(others.resolve("file")).hasContent("untouched");
  }
}
