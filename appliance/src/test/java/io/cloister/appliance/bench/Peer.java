package io.cloister.appliance.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A server process, from when it says so until it is closed. */
public final class Peer implements AutoCloseable {
  private final Process process;

  private Peer(Process process) {
    this.process = process;
  }

  /** Waits for a line of its output that has that text. */
  public static Peer start(List<String> command, String ready) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(ready)) {
        Thread.ofPlatform().daemon().start(() -> drop(lines));
        return new Peer(process);
      }
    }
    throw new IOException("it ended before it was ready: " + command);
  }

  private static void drop(BufferedReader lines) {
    try {
      lines.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** The Node server of scripts/lib/bench-node.mjs, where its packages lie. */
  public static Peer node(Path folder, int port, Path graph) throws IOException {
    Path script = folder.resolve("bench-node.mjs");
    return start(
        List.of("node", script.toString(), Integer.toString(port), graph.toString()), "ready");
  }

  public ProcessTree tree() {
    return new ProcessTree(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
