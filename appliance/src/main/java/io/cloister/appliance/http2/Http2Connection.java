package io.cloister.appliance.http2;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One caller's connection (RFC 9113). One thread reads its frames; each request has a thread of its
 * own. Before it ends its caller is told which requests are answered, and can ask others elsewhere.
 */
final class Http2Connection implements ServerConnection {
  private static final Logger LOG = System.getLogger(Http2Connection.class.getName());

  /** What may be sent on all streams together before it is read. */
  private static final int WINDOW = 1 << 20;

  private static final int PRIORITY_BYTES = 5;
  private static final int PING_BYTES = 8;
  private static final byte[] NOTHING = {};

  private final ConnectionContext context;
  private final Map<SocketAddress, Http2Connection> open;
  private final Storage storage;
  private final Incoming incoming;
  private final FrameWriter writer;
  private final Streams streams;
  private final LastCall lastCall;
  private final ReceiveWindow window;
  private final HeaderDecoder decoder = new HeaderDecoder();
  private final HeaderBlock block = new HeaderBlock();
  private final Chatter chatter;
  private volatile @Nullable Thread reader;
  private volatile boolean over;
  private volatile long activeNanos = System.nanoTime();

  /**
   * @param open all that are handled now, by where they come from
   * @param patience with a peer that takes no more of an answer
   */
  Http2Connection(
      ConnectionContext context,
      Map<SocketAddress, Http2Connection> open,
      StreamHandler handler,
      Storage storage,
      Duration patience) {
    this.context = context;
    this.open = open;
    this.storage = storage;
    this.incoming = new Incoming(context.dataReader());
    this.writer = new FrameWriter(context.dataWriter(), patience);
    this.streams = new Streams(this, writer, handler, context.executor());
    this.window = new ReceiveWindow(WINDOW, writer);
    this.chatter = new Chatter(writer);
    this.lastCall = new LastCall(writer, streams);
  }

  String peer() {
    return context.remotePeer().host();
  }

  @Override
  public void handle(Limit limit) {
    reader = Thread.currentThread();
    open.put(context.remotePeer().address(), this);
    try {
      start();
      while (!over) {
        Optional<Frame> next = incoming.next(streams::busy);
        if (next.isEmpty()) {
          writer.goAway(streams.last(), ErrorCode.NO_ERROR);
          return;
        }
        accept(next.get());
      }
    } catch (ConnectionFault e) {
      LOG.log(Level.DEBUG, "{0}: {1}", peer(), e.getMessage());
      writer.goAway(streams.last(), e.code());
    } catch (InsufficientDataAvailableException e) {
      LOG.log(Level.TRACE, "{0} has left", peer());
    } finally {
      reader = null;
      open.remove(context.remotePeer().address(), this);
      writer.end();
      streams.endAll();
    }
  }

  private void start() throws ConnectionFault {
    incoming.expectPreface();
    ByteBuffer settings = ByteBuffer.allocate(18);
    settings.putShort((short) 3).putInt(Streams.STREAMS_MAX);
    settings.putShort((short) 4).putInt(Http2Stream.WINDOW);
    settings.putShort((short) 6).putInt(HeaderDecoder.LIST_BYTES_MAX);
    writer.control(Frame.Type.SETTINGS, 0, 0, settings.array());
    writer.number(Frame.Type.WINDOW_UPDATE, 0, WINDOW - FrameWriter.WINDOW_FIRST);
    Frame first = incoming.read();
    if (first.type() != Frame.Type.SETTINGS || first.has(Frame.ACK)) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "the first frame is no SETTINGS");
    }
    accept(first);
  }

  private void accept(Frame frame) throws ConnectionFault {
    if (block.open() != (frame.type() == Frame.Type.CONTINUATION)) {
      throw new ConnectionFault(
          ErrorCode.PROTOCOL_ERROR, "%s at the wrong place".formatted(frame.type()));
    }
    switch (frame.type()) {
      case DATA -> data(frame.onConnection(false));
      case HEADERS -> {
        block.start(frame.onConnection(false));
        headers(frame);
      }
      case CONTINUATION -> {
        block.add(frame);
        headers(frame);
      }
      case PRIORITY -> {
        frame.onConnection(false).fixed(PRIORITY_BYTES);
        chatter.count();
      }
      case RST_STREAM -> {
        frame.onConnection(false).fixed(Integer.BYTES);
        streams.reset(frame.stream());
      }
      case SETTINGS -> settings(frame.onConnection(true));
      case PUSH_PROMISE ->
          throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a client promises nothing");
      case PING -> ping(frame.onConnection(true));
      case WINDOW_UPDATE -> credit(frame);
      case GOAWAY -> {
        frame.onConnection(true);
        chatter.count();
      }
      case UNKNOWN -> chatter.count();
    }
  }

  private void data(Frame frame) throws ConnectionFault {
    if (!window.take(frame.length())) {
      throw new ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "more than the window");
    }
    boolean last = frame.has(Frame.END_STREAM);
    byte[] content = frame.content();
    Optional<Http2Stream> found = streams.find(frame.stream());
    if (content.length == 0 && !last) {
      chatter.count();
    }
    if (found.isEmpty()) {
      window.release(frame.length());
      return;
    }
    window.release(frame.length() - content.length);
    boolean room = storage.tryTake(content.length);
    if (!found.get().add(content, frame.length(), last)) {
      storage.giveBack(content.length);
      throw new ConnectionFault(
          ErrorCode.FLOW_CONTROL_ERROR, "more than the window of the stream, or after its end");
    }
    if (!room) {
      streams.endFor(found.get(), ErrorCode.ENHANCE_YOUR_CALM);
    } else {
      streams.checkLength(found.get());
    }
  }

  private void headers(Frame frame) throws ConnectionFault {
    if (frame.has(Frame.END_HEADERS)) {
      int stream = block.stream();
      activeNanos = System.nanoTime();
      streams.headers(stream, decoder.decode(block.take()), block.last());
    }
  }

  private void settings(Frame frame) throws ConnectionFault {
    if (frame.has(Frame.ACK)) {
      frame.fixed(0);
      chatter.count();
      return;
    }
    chatter.count();
    PeerSettings settings = PeerSettings.parse(frame.fixed(frame.length()));
    OptionalInt size = settings.streamWindow();
    if (size.isPresent() && !writer.streamWindow(size.getAsInt(), streams.all())) {
      throw new ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "windows moved beyond what may be");
    }
    writer.control(Frame.Type.SETTINGS, Frame.ACK, 0, NOTHING);
  }

  private void ping(Frame frame) throws ConnectionFault {
    byte[] data = frame.fixed(PING_BYTES);
    chatter.count();
    if (!frame.has(Frame.ACK)) {
      writer.control(Frame.Type.PING, Frame.ACK, 0, data);
    } else if (lastCall.heard(data)) {
      lastCall.takeNoMore();
      ended();
    }
  }

  private void credit(Frame frame) throws ConnectionFault {
    int bytes = ByteBuffer.wrap(frame.fixed(Integer.BYTES)).getInt() & Integer.MAX_VALUE;
    chatter.count();
    if (bytes == 0) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a window moved by nothing");
    }
    boolean fits;
    if (frame.stream() == 0) {
      fits = writer.credit(bytes);
    } else {
      Optional<Http2Stream> found = streams.find(frame.stream());
      fits = found.isEmpty() || writer.credit(found.get(), bytes);
    }
    if (!fits) {
      throw new ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "a window moved by " + bytes);
    }
  }

  /** So many bytes of a body are not kept any more. */
  void release(int bytes) {
    storage.giveBack(bytes);
    window.release(bytes);
  }

  void creditStream(Http2Stream stream, int bytes) {
    writer.number(Frame.Type.WINDOW_UPDATE, stream.id(), bytes);
  }

  void answer(
      Http2Stream stream, List<Field> fields, List<ByteBuffer> content, List<Field> trailers)
      throws StreamEnded {
    writer.answer(stream, HeaderEncoder.encode(fields), content, HeaderEncoder.encode(trailers));
  }

  /** A request has ended: perhaps it was the last one. */
  void ended() {
    activeNanos = System.nanoTime();
    if (streams.refusesNew() && streams.isEmpty()) {
      finish();
    }
  }

  private void finish() {
    over = true;
    Thread waiting = reader;
    if (waiting != null && waiting != Thread.currentThread()) {
      waiting.interrupt();
    }
  }

  /** Takes no new requests, answers those that are there or on their way, then ends (§6.8). */
  void drain() {
    lastCall.make();
  }

  private void leave() {
    try {
      lastCall.makeAndWait();
      ended();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there is work that does not wait for its caller. */
  boolean works() {
    return streams.busy();
  }

  @Override
  public Duration idleTime() {
    return streams.isEmpty() ? Duration.ofNanos(System.nanoTime() - activeNanos) : Duration.ZERO;
  }

  /** Never waits for the peer: Helidon's timer, which is one for all, calls it. */
  @Override
  public void close(boolean interrupt) {
    if (interrupt) {
      finish();
    } else {
      var _ = Thread.startVirtualThread(this::leave);
    }
  }
}
