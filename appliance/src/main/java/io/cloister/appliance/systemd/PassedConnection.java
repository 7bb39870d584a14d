package io.cloister.appliance.systemd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection as Helidon wants it: a TLS socket, also where the bytes travel as they
 * are. Of the application protocols (RFC 7301) that a caller offers, HTTP/1.1 is taken first: REST
 * is served over that alone, and HTTP/2 is for those who speak nothing else, which is gRPC. Knows
 * how long nothing was heard, so that room can be made for a newcomer.
 */
final class PassedConnection extends SettledSocket {
  private static final String HTTP_1_1 = "http/1.1";

  private final Socket peer;
  private final Optional<SSLSocket> tls;

  /** What its callers' bytes go through. */
  private final Socket socket;

  private final SSLSession noSession;

  /** {@link System#nanoTime()} when it began to wait for bytes. */
  private volatile long waitingSince;

  private volatile boolean waiting = true;

  /** {@link System#nanoTime()} when it began to send; 0 while it does not. */
  private volatile long sendingSince;

  private final Predicate<SocketAddress> works;
  private final CallerAddress address;

  /**
   * @param peer as it was accepted
   * @param tls over it; empty where it is not protected
   * @param works whether something is done for the caller from there
   */
  PassedConnection(
      SocketChannel peer,
      Optional<SSLSocket> tls,
      SSLContext context,
      Predicate<SocketAddress> works) {
    this.works = works;
    this.peer = peer.socket();
    this.address = new CallerAddress(peer);
    this.tls = tls;
    this.socket = tls.map(Socket.class::cast).orElse(this.peer);
    this.noSession = context.createSSLEngine().getSession();
    this.waitingSince = System.nanoTime();
  }

  /** How long it has waited for its caller's next bytes; 0 while it works for them. */
  long silentNanos() {
    return waiting && !works.test(address) ? System.nanoTime() - waitingSince : 0;
  }

  /** Whether its caller took nothing for so long while something was sent. */
  boolean stalls(Duration patience) {
    long since = sendingSince;
    return since != 0 && System.nanoTime() - since > patience.toNanos();
  }

  /** Ends it without a word: who is still on the other side is not waited for. */
  void cut() {
    try {
      peer.close();
    } catch (IOException e) {
      // Then it is closed.
    }
  }

  private final class Input extends InputStream {
    private final InputStream in;

    Input(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      waitingSince = System.nanoTime();
      waiting = true;
      try {
        return in.read(buffer, offset, length);
      } finally {
        waiting = false;
      }
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }
  }

  /** Sends by pieces, so that who takes one after the other does not stall. */
  private final class Output extends OutputStream {
    private static final int PIECE = 64 << 10;
    private final OutputStream out;

    Output(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        for (int sent = 0; sent < length; sent += PIECE) {
          sendingSince = System.nanoTime() | 1;
          out.write(bytes, offset + sent, Math.min(PIECE, length - sent));
        }
      } finally {
        sendingSince = 0;
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Input(socket.getInputStream());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new Output(socket.getOutputStream());
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLSocket, List<String>, String> selector) {
    tls.ifPresent(
        secured ->
            secured.setHandshakeApplicationProtocolSelector(
                (handshaking, offered) ->
                    offered.contains(HTTP_1_1) ? HTTP_1_1 : selector.apply(handshaking, offered)));
  }

  @Override
  public void startHandshake() throws IOException {
    if (tls.isPresent()) {
      tls.get().startHandshake();
    }
    waiting = false;
  }

  /** Over TLS HTTP/1.1 where none was agreed on; without it, the first bytes tell. */
  @Override
  public String getApplicationProtocol() {
    return tls.map(SSLSocket::getApplicationProtocol)
        .map(agreed -> agreed.isEmpty() ? HTTP_1_1 : agreed)
        .orElse("");
  }

  @Override
  public SSLSession getSession() {
    return tls.map(SSLSocket::getSession).orElse(noSession);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public boolean isClosed() {
    return peer.isClosed();
  }

  @Override
  public boolean isConnected() {
    return peer.isConnected();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return peer.getInetAddress();
  }

  @Override
  public int getPort() {
    return peer.getPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return address;
  }

  @Override
  public InetAddress getLocalAddress() {
    return peer.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return peer.getLocalPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return peer.getLocalSocketAddress();
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    socket.setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    peer.setOption(name, value);
    return this;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    peer.setTcpNoDelay(on);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    peer.setKeepAlive(on);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    peer.setReuseAddress(on);
  }

  @Override
  public SSLParameters getSSLParameters() {
    return tls.map(SSLSocket::getSSLParameters).orElseGet(SSLParameters::new);
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.map(SSLSocket::getSupportedCipherSuites).orElse(new String[0]);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return tls.map(SSLSocket::getEnabledCipherSuites).orElse(new String[0]);
  }

  @Override
  public String[] getSupportedProtocols() {
    return tls.map(SSLSocket::getSupportedProtocols).orElse(new String[0]);
  }

  @Override
  public String[] getEnabledProtocols() {
    return tls.map(SSLSocket::getEnabledProtocols).orElse(new String[0]);
  }
}
