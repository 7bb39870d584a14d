package io.cloister.appliance;

import io.cloister.appliance.access.ListenerTls;
import io.cloister.appliance.config.Settings;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.BodyEncoding;
import io.cloister.appliance.http2.Http2Connections;
import io.cloister.appliance.systemd.Manner;
import io.cloister.appliance.systemd.PassedSocket;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** The two listeners, with settings that are the same for both. */
final class Listeners {
  static final String INFERENCE = "inference";
  static final String CONSOLE = "console";

  /** How long requests in flight may take once the service is told to stop. */
  private static final Duration DRAIN = Duration.ofSeconds(15);

  private static final Duration IDLE = Duration.ofMinutes(1);

  /** A TLS connection keeps some 100 KiB. */
  private static final int CONNECTIONS_MAX = 1024;

  /** A body somewhat too long is read and dropped, so that its sender gets to see the answer. */
  private static final int DISCARD_FACTOR = 2;

  private Listeners() {}

  static WebServer build(
      Foundation foundation,
      HttpRouting.Builder inference,
      Http2Connections http2,
      HttpRouting.Builder console) {
    Settings settings = foundation.settings();
    long requestBytesMax = settings.limits().requestBytes();
    var server = WebServer.builder().shutdownHook(false).featuresDiscoverServices(false);
    Listener first = settings.listeners().inference();
    configure(server, first, tls(foundation, INFERENCE, first, http2::works), requestBytesMax);
    server.addConnectionSelector(http2);
    return server
        .routing(inference)
        .putSocket(
            CONSOLE,
            socket -> {
              Listener second = settings.listeners().console();
              configure(
                  socket, second, tls(foundation, CONSOLE, second, _ -> false), requestBytesMax);
              socket.routing(console);
            })
        .build();
  }

  private static Tls tls(
      Foundation foundation, String name, Listener listener, Predicate<SocketAddress> works) {
    Optional<PassedSocket> passed = foundation.sockets().find(name);
    return ListenerTls.of(
        foundation.certificate(),
        () -> passed.isPresent() ? passed.get() : PassedSocket.open(listener.socketAddress()),
        new Manner(
            listener.tls(), CONNECTIONS_MAX, foundation.settings().limits().requestTime(), works));
  }

  private static void configure(
      ListenerConfig.BuilderBase<?, ?> socket, Listener listener, Tls tls, long requestBytesMax) {
    socket.host(listener.address());
    socket.port(listener.port());
    socket.tls(tls);
    socket.contentEncoding(new BodyEncoding());
    socket.connectionOptions(new ConnectionOptions(IDLE));
    socket.maxPayloadSize(requestBytesMax * DISCARD_FACTOR);
    // Else Helidon leaves a body unread that nobody asked for, and takes it for the next request.
    socket.addProtocol(Http1Config.builder().continueImmediately(true).build());
    socket.directHandlers(Answers.direct(requestBytesMax));
    socket.shutdownGracePeriod(DRAIN);
    socket.idleConnectionTimeout(IDLE);
    socket.idleConnectionPeriod(IDLE.dividedBy(6));
  }
}
