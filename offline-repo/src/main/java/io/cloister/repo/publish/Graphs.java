package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadPackage;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.onnx.OnnxModel;
import io.cloister.repo.onnx.OnnxRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The graphs of a model: what every appliance would refuse is refused before it travels. */
public final class Graphs {
  private Graphs() {}

  /** Checks every {@code .onnx} file of a folder that is to become a model's package. */
  public static void check(Path folder) throws RefusedException {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files =
          walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
      for (Path graph : files) {
        if (graph.toString().endsWith(".onnx")) {
          check(folder, graph, files);
        }
      }
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
  }

  private static void check(Path folder, Path graph, List<Path> files)
      throws RefusedException, IOException {
    try {
      OnnxModel.check(graph, name -> length(files, graph.resolveSibling(name)));
    } catch (OnnxRefused e) {
      throw new RefusedException(new BadPackage(folder.toString(), graph.toString(), e.reason()));
    }
  }

  private static OptionalLong length(List<Path> files, Path file) {
    return files.contains(file) ? OptionalLong.of(file.toFile().length()) : OptionalLong.empty();
  }
}
