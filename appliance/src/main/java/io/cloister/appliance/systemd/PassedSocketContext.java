package io.cloister.appliance.systemd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A TLS context whose one server socket is there already. */
public final class PassedSocketContext extends SSLContext {

  /** With the keys and the sessions of {@code context}, which is initialized. */
  public PassedSocketContext(SSLContext context, Opening socket, Manner manner) {
    super(new Spi(context, socket, manner), context.getProvider(), context.getProtocol());
  }

  /** Answers the socket once the server is to listen, and not before. */
  @FunctionalInterface
  public interface Opening {
    PassedSocket open() throws IOException;
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final Opening socket;
    private final Manner manner;

    Spi(SSLContext context, Opening socket, Manner manner) {
      this.context = context;
      this.socket = socket;
      this.manner = manner;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random) {
      throw new IllegalStateException("it is initialized");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return new Factory(context, socket, manner);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }
  }

  private static final class Factory extends SSLServerSocketFactory {
    private final SSLContext context;
    private final Opening socket;
    private final Manner manner;

    Factory(SSLContext context, Opening socket, Manner manner) {
      this.context = context;
      this.socket = socket;
      this.manner = manner;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
      return new PassedServerSocket(socket.open(), manner, context);
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return createServerSocket();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
        throws IOException {
      return createServerSocket();
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return context.getServerSocketFactory().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return context.getServerSocketFactory().getSupportedCipherSuites();
    }
  }
}
