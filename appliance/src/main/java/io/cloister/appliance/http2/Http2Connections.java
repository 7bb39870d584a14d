package io.cloister.appliance.http2;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes the connections of callers who speak HTTP/2 alone: those who agreed on {@code h2} (RFC
 * 7301), or begin with its preface where there is no TLS.
 */
public final class Http2Connections implements ServerConnectionSelector {
  private static final String PREFACE_START = "PRI";

  private final StreamHandler handler;
  private final Storage storage;
  private final Duration patience;
  private final Map<SocketAddress, Http2Connection> open = new ConcurrentHashMap<>();

  /**
   * @param storage where bodies are counted that wait to be read
   * @param patience with a peer that takes no more of an answer
   */
  public Http2Connections(StreamHandler handler, Storage storage, Duration patience) {
    this.handler = handler;
    this.storage = storage;
    this.patience = patience;
  }

  /** Any number: the first bytes tell. */
  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  /** No request of HTTP/1.1 begins so (RFC 9113 §3.4). */
  @Override
  public Support supports(BufferData data) {
    int length = Math.min(data.available(), PREFACE_START.length());
    if (!PREFACE_START.startsWith(data.readString(length))) {
      return Support.UNSUPPORTED;
    }
    return length < PREFACE_START.length() ? Support.UNKNOWN : Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of("h2");
  }

  /** Tells everyone to ask elsewhere from now on; what was asked is answered. */
  public void drain() {
    open.values().forEach(connection -> Thread.startVirtualThread(connection::drain));
  }

  /** Whether something is done for the caller at that address, who waits for it. */
  public boolean works(SocketAddress peer) {
    Http2Connection found = open.get(peer);
    return found != null && found.works();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Http2Connection(context, open, handler, storage, patience);
  }
}
