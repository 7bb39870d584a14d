package io.cloister.appliance.access;

import io.cloister.appliance.systemd.PassedSocket;
import io.cloister.appliance.systemd.PassedSocketContext;
import io.helidon.common.tls.Tls;
import java.util.Optional;

/** TLS 1.3 and nothing older, with the appliance's certificate. */
public final class ListenerTls {
  private static final String PROTOCOL = "TLSv1.3";

  private ListenerTls() {}

  /**
   * For one listener.
   *
   * @param socket that listens already; empty to have one opened
   */
  public static Tls of(ServerCertificate certificate, Optional<PassedSocket> socket) {
    Tls tls = of(certificate);
    return socket
        .map(passed -> new PassedSocketContext(tls.sslContext(), passed))
        .map(context -> Tls.builder().sslContext(context).addEnabledProtocol(PROTOCOL).build())
        .orElse(tls);
  }

  private static Tls of(ServerCertificate certificate) {
    return Tls.builder()
        .privateKey(certificate.key())
        .addPrivateKeyCertChain(certificate.certificate())
        .addEnabledProtocol(PROTOCOL)
        .build();
  }
}
