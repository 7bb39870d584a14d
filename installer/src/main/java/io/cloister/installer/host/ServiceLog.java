package io.cloister.installer.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the service said last. */
public record ServiceLog(Path file) {

  /** Bytes in it now; 0 when there is none. */
  public long length() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The last lines, for the one who asks why the service is not there.
   *
   * @param since the log's length before what is asked about
   */
  public List<String> lastLines(int count, long since) {
    try (var channel = FileChannel.open(file)) {
      long from = Math.max(since, channel.size() - Command.OUTPUT_BYTES_MAX);
      var bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - from));
      channel.read(bytes, from);
      List<String> lines =
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
