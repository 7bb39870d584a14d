package io.cloister.installer.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Asks the running appliance: one JSON line out, one JSON line back, over a Unix domain socket.
 *
 * @param path at most {@link HostPaths#SOCKET_PATH_BYTES_MAX} bytes
 */
public record OperatorSocket(Path path) {
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  /**
   * One request, e.g. {@code status}, {@code apply} or {@code metrics}.
   *
   * @throws IOException nobody listens, the answer is late, too long or no JSON object
   */
  public JsonNode ask(String request, Duration patience) throws IOException {
    return ask(request, JsonNodeFactory.instance.objectNode(), patience);
  }

  /** Likewise, with further fields. */
  public JsonNode ask(String request, ObjectNode fields, Duration patience) throws IOException {
    return ask(request, fields, patience, _ -> {});
  }

  /**
   * Likewise, for what takes a while.
   *
   * @param progress told of each step: those lines come before the answer
   */
  public JsonNode ask(
      String request, ObjectNode fields, Duration patience, Consumer<String> progress)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      connect(channel);
      SelectionKey key = ((SelectableChannel) channel).register(selector, SelectionKey.OP_WRITE);
      ByteBuffer line = line(fields.put("do", request));
      while (line.hasRemaining()) {
        await(selector, deadline, request);
        channel.write(line);
      }
      key.interestOps(SelectionKey.OP_READ);
      JsonNode answer = read(channel, selector, deadline, request, progress);
      if (!answer.isObject()) {
        throw new IOException("the answer to " + request + " is no JSON object");
      }
      return answer;
    }
  }

  /**
   * Of a service that takes no connections any more, the next one is not waited for (connect(2)).
   */
  private void connect(SocketChannel channel) throws IOException {
    if (!channel.connect(UnixDomainSocketAddress.of(path.toString()))) {
      throw new IOException("nobody takes a connection on " + path);
    }
  }

  private static ByteBuffer line(ObjectNode question) throws IOException {
    try {
      byte[] json = CanonicalJson.escaped(CanonicalJson.encode(question));
      return ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    } catch (JsonException e) {
      throw new IOException("this cannot be asked", e);
    }
  }

  private static JsonNode parse(ByteArrayOutputStream line) throws IOException {
    try {
      return StrictJson.parseAnswer(line.toByteArray());
    } catch (JsonException e) {
      throw new IOException("the answer is no JSON object: " + e.getMessage(), e);
    }
  }

  private static JsonNode read(
      SocketChannel channel,
      Selector selector,
      long deadline,
      String request,
      Consumer<String> progress)
      throws IOException {
    var line = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (line.size() <= ANSWER_BYTES_MAX) {
      await(selector, deadline, request);
      if (channel.read(buffer) < 0) {
        return parse(line);
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte each = buffer.get();
        if (each != '\n') {
          line.write(each);
          continue;
        }
        JsonNode said = parse(line);
        JsonNode step = said.path("progress");
        if (!step.isTextual()) {
          return said;
        }
        progress.accept(step.textValue());
        line.reset();
      }
      buffer.clear();
    }
    throw new IOException("the answer to " + request + " is over " + ANSWER_BYTES_MAX + " bytes");
  }

  private static void await(Selector selector, long deadline, String request) throws IOException {
    long millisLeft = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (millisLeft <= 0 || selector.select(millisLeft) == 0) {
      throw new IOException("no answer to " + request + " in time");
    }
    selector.selectedKeys().clear();
  }
}
