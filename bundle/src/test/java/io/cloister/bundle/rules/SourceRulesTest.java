package io.cloister.bundle.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lengths and names. */
class SourceRulesTest {
  private static final int FILE_LINES_MAX = 300;
  private static final int METHOD_LINES_MAX = 40;
  private static final Pattern BANNED_NAME =
      Pattern.compile(".*(Impl|Utils?|Helpers?|Managers?)\\.java");

  /** Spelt apart, so that this file does not find itself. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  @Test
  void aFileIsShort() {
    assertThat(
            SourceTree.java().stream()
                .filter(file -> SourceTree.text(file).lines().count() > FILE_LINES_MAX)
                .map(file -> file + ": " + SourceTree.text(file).lines().count() + " lines"))
        .as("files of more than %d lines", FILE_LINES_MAX)
        .isEmpty();
  }

  @Test
  void aMethodIsShort() throws IOException {
    assertThat(longMethods()).as("methods of more than %d lines", METHOD_LINES_MAX).isEmpty();
  }

  @Test
  void noNameSaysNothing() {
    assertThat(
            SourceTree.java().stream().map(Path::toString).filter(BANNED_NAME.asMatchPredicate()))
        .as("class names with Impl, Util, Helper or Manager")
        .isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(
            SourceTree.java().stream()
                .filter(file -> UNFINISHED.matcher(SourceTree.text(file)).find()))
        .as("files with notes to do something later")
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() {
    Set<Path> silent = new TreeSet<>();
    for (Path file : SourceTree.java()) {
      Path words = file.resolveSibling("package-info.java");
      if (file.toString().contains("src/main/") && !Files.exists(SourceTree.ROOT.resolve(words))) {
        silent.add(words);
      }
    }
    assertThat(silent).as("package-info.java that are missing").isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(
            SourceTree.java().stream()
                .filter(file -> file.endsWith("package-info.java"))
                .filter(file -> !SourceTree.text(file).contains("@NullMarked")))
        .as("packages without @NullMarked")
        .isEmpty();
  }

  private static List<String> longMethods() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var sources =
          files.getJavaFileObjectsFromPaths(
              SourceTree.java().stream().map(SourceTree.ROOT::resolve).toList());
      var task = (JavacTask) compiler.getTask(null, files, null, List.of(), null, sources);
      for (CompilationUnitTree unit : task.parse()) {
        new LongMethods(unit, Trees.instance(task).getSourcePositions(), found).scan(unit, null);
      }
    }
    return found;
  }

  private static final class LongMethods extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      long end = positions.getEndPosition(unit, method);
      if (end >= 0) {
        var lines = unit.getLineMap();
        long start = lines.getLineNumber(positions.getStartPosition(unit, method));
        long count = lines.getLineNumber(end) - start + 1;
        if (count > METHOD_LINES_MAX) {
          Path file = SourceTree.ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
          found.add("%s:%d %s: %d lines".formatted(file, start, method.getName(), count));
        }
      }
      return super.visitMethod(method, null);
    }
  }
}
