package io.cloister.repo.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code audit.jsonl} in the folder of what a machine trusts: every policy that was set, every
 * medium that was accepted, and every token that the operator made or revoked, each line with the
 * SHA-256 of the line before it. What is cut out of the middle, or changed, shows; what is cut off
 * the end shows to whoever kept a later digest.
 */
public final class TrustAudit {
  private static final String NAME = "audit.jsonl";
  private static final String NONE = "0".repeat(64);

  private final Path file;

  TrustAudit(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /**
   * The trail as it stands.
   *
   * @param lines as written, oldest first
   * @param head SHA-256 of the last line; zeros before the first
   */
  public record Trail(List<String> lines, String head) {
    public Trail {
      lines = List.copyOf(lines);
    }
  }

  /** Throws JsonException with the number of the first line that does not follow its forerunner. */
  public Trail read() throws IOException, JsonException {
    List<String> lines = new ArrayList<>();
    String head = NONE;
    for (String line : whole().lines().toList()) {
      Fields entry = Fields.of(StrictJson.parse(line.getBytes(StandardCharsets.UTF_8)));
      if (!entry.text("previous").equals(head)) {
        throw new JsonException(
            "%s line %d does not follow the line before it".formatted(NAME, lines.size() + 1));
      }
      lines.add(line);
      head = digest(line);
    }
    return new Trail(lines, head);
  }

  /** A line without its end was never acknowledged: the power went while it was written. */
  private String whole() throws IOException {
    if (Files.notExists(file)) {
      return "";
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
  }

  private static String digest(String line) {
    return Sha256.of(line.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Adds a line and forces it to the disk. A trail that is damaged goes on from its last line: that
   * it is damaged stays visible, and no medium is refused for it.
   */
  void append(Instant time, String event, Consumer<ObjectNode> details) throws IOException {
    DurableFiles.createFolders(file.resolveSibling(".").normalize());
    String before = whole();
    String previous =
        before.lines().reduce((first, second) -> second).map(TrustAudit::digest).orElse(NONE);
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", time.toString()).put("event", event);
    details.accept(line);
    line.put("previous", previous);
    long end = before.getBytes(StandardCharsets.UTF_8).length;
    boolean first = Files.notExists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(end);
      channel.position(end);
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (first) {
      DurableFiles.forceFolder(file.resolveSibling(".").normalize());
    }
  }
}
