package io.cloister.appliance.http2;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection in memory: a caller who begins well, then sends these bytes and hangs up, and a
 * handler that reads each body and answers at some length.
 */
final class FuzzedConnection implements ConnectionContext, PeerInfo, DataWriter, Storage {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  private static final int ANSWER_BYTES = 40_000;

  private final Deque<byte[]> sent;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final AtomicLong stored = new AtomicLong();
  private final AtomicReference<@Nullable RuntimeException> defect = new AtomicReference<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  FuzzedConnection(byte[] bytes) {
    this.sent = new ArrayDeque<>(List.of(RawHttp2.start(), bytes));
  }

  /** Ends when all of its threads have ended; what is wrong then is thrown. */
  void run() throws InterruptedException {
    Http2Connections connections = new Http2Connections(this::answer, this, Duration.ofSeconds(10));
    try (executor) {
      connections.connection(this).handle(FixedLimit.create());
    }
    RuntimeException found = defect.get();
    if (found != null) {
      throw found;
    }
    if (stored.get() != 0 || connections.works(PEER)) {
      throw new IllegalStateException(stored + " bytes stay behind");
    }
    check(ByteBuffer.wrap(received.toByteArray()));
  }

  private static void check(ByteBuffer frames) {
    while (frames.hasRemaining()) {
      int start = frames.getInt();
      int length = start >>> Byte.SIZE;
      if (length > Frame.PAYLOAD_MAX || Frame.Type.of(start & 0xFF) == Frame.Type.UNKNOWN) {
        throw new IllegalStateException("a frame that nobody understands");
      }
      frames.position(frames.position() + 1 + Integer.BYTES + length);
    }
  }

  private void answer(Http2Stream stream) {
    try {
      byte[] body = new byte[1000];
      long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (stream.read(body, 0, body.length, until) == body.length) {
        stream.answer(List.of(), List.of(), List.of());
      }
      stream.answer(
          List.of(new Field(":status", "200")),
          List.of(ByteBuffer.allocate(ANSWER_BYTES)),
          List.of(new Field("grpc-status", "0")));
    } catch (StreamEnded | TimeoutException e) {
      return;
    } catch (RuntimeException e) {
      defect.compareAndSet(null, e);
    }
  }

  @Override
  public DataReader dataReader() {
    return new DataReader(sent::poll);
  }

  @Override
  public DataWriter dataWriter() {
    return this;
  }

  @Override
  public synchronized void writeNow(BufferData buffer) {
    byte[] bytes = new byte[buffer.available()];
    buffer.read(bytes);
    received.writeBytes(bytes);
  }

  @Override
  public void writeNow(BufferData... buffers) {
    List.of(buffers).forEach(this::writeNow);
  }

  @Override
  public void write(BufferData buffer) {
    writeNow(buffer);
  }

  @Override
  public void write(BufferData... buffers) {
    writeNow(buffers);
  }

  @Override
  public boolean tryTake(long bytes) {
    return stored.addAndGet(bytes) < 64 << 10;
  }

  @Override
  public void giveBack(long bytes) {
    stored.addAndGet(-bytes);
  }

  @Override
  public ExecutorService executor() {
    return executor;
  }

  @Override
  public PeerInfo remotePeer() {
    return this;
  }

  @Override
  public PeerInfo localPeer() {
    return this;
  }

  @Override
  public SocketAddress address() {
    return PEER;
  }

  @Override
  public String host() {
    return PEER.getHostString();
  }

  @Override
  public int port() {
    return PEER.getPort();
  }

  @Override
  public Optional<Principal> tlsPrincipal() {
    return Optional.empty();
  }

  @Override
  public Optional<Certificate[]> tlsCertificates() {
    return Optional.empty();
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String socketId() {
    return "memory";
  }

  @Override
  public String childSocketId() {
    return "memory";
  }

  @Override
  public ListenerContext listenerContext() {
    throw new UnsupportedOperationException("there is no listener");
  }

  @Override
  public Router router() {
    throw new UnsupportedOperationException("there are no routes");
  }
}
