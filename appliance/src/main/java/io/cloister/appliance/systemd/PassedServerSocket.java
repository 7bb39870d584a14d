package io.cloister.appliance.systemd;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A TLS server socket over a channel that listens already: to bind it does nothing. */
final class PassedServerSocket extends SSLServerSocket {
  private static final Logger LOG = System.getLogger(PassedServerSocket.class.getName());
  private static final int WATCHES_PER_PATIENCE = 4;
  private static final Duration RETRY = Duration.ofMillis(20);

  private final PassedSocket passed;
  private final InetSocketAddress address;
  private final Manner manner;
  private final SSLContext context;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Keeps the TLS settings, and is never bound. */
  private final SSLServerSocket settings;

  PassedServerSocket(PassedSocket passed, Manner manner, SSLContext context) throws IOException {
    this.passed = passed;
    this.manner = manner;
    this.address = passed.address();
    this.context = context;
    this.settings = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    Thread.ofVirtual().name("stalled callers").start(this::watch);
  }

  /** For as long as it listens, and while somebody is connected. */
  private void watch() {
    Duration period = manner.patience().dividedBy(WATCHES_PER_PATIENCE);
    try {
      while (!isClosed() || passed.connected()) {
        Thread.sleep(period);
        passed.cutStalled(manner.patience());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public SSLSocket accept() throws IOException {
    while (true) {
      SocketChannel peer = acceptPeer();
      try {
        Optional<SSLSocket> tls =
            manner.isProtected() ? Optional.of(protect(peer.socket())) : Optional.empty();
        return passed.keep(new PassedConnection(peer, tls, context, manner.works()));
      } catch (IOException e) {
        // That connection is gone already; the next may be better.
        peer.close();
      }
    }
  }

  private SSLSocket protect(Socket peer) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket(peer, null, true);
    socket.setUseClientMode(false);
    socket.setSSLParameters(settings.getSSLParameters());
    return socket;
  }

  /** After the channel was closed nobody comes, and to end is for the server to say. */
  private SocketChannel acceptPeer() throws IOException {
    try {
      while (true) {
        if (passed.makeRoom(manner.connectionsMax())) {
          Optional<SocketChannel> peer = tryAccept();
          if (peer.isPresent()) {
            return peer.get();
          }
        }
        closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ClosedChannelException e) {
      awaitClosed();
      throw (SocketException) new SocketException("Socket closed").initCause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (SocketException) new SocketException("Socket closed").initCause(e);
    }
  }

  /** Empty where the system cannot, e.g. for too many open files: whoever leaves makes room. */
  private Optional<SocketChannel> tryAccept() throws ClosedChannelException {
    try {
      return Optional.of(passed.accept());
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a connection cannot be accepted now", e);
      return Optional.empty();
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    passed.close();
    closed.countDown();
  }

  @Override
  public void bind(SocketAddress address) {}

  @Override
  public void bind(SocketAddress address, int backlog) {}

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public InetAddress getInetAddress() {
    return address.getAddress();
  }

  @Override
  public int getLocalPort() {
    return address.getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return address;
  }

  /** Whoever opened the socket chose its options. */
  @Override
  public <T> PassedServerSocket setOption(SocketOption<T> name, @Nullable T value) {
    return this;
  }

  @Override
  public void setSoTimeout(int timeout) {}

  @Override
  public void setReuseAddress(boolean on) {}

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public SSLParameters getSSLParameters() {
    return settings.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    settings.setSSLParameters(parameters);
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return settings.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    settings.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return settings.getSupportedCipherSuites();
  }

  @Override
  public String[] getSupportedProtocols() {
    return settings.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return settings.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    settings.setEnabledProtocols(protocols);
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    settings.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return settings.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    settings.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return settings.getWantClientAuth();
  }

  @Override
  public void setUseClientMode(boolean mode) {
    settings.setUseClientMode(mode);
  }

  @Override
  public boolean getUseClientMode() {
    return settings.getUseClientMode();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    settings.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return settings.getEnableSessionCreation();
  }
}
