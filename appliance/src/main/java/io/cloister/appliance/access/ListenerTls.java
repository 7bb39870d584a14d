package io.cloister.appliance.access;

import io.cloister.appliance.systemd.Manner;
import io.cloister.appliance.systemd.PassedSocketContext;
import io.helidon.common.tls.Tls;

/** TLS 1.3 and nothing older, with the appliance's certificate. */
public final class ListenerTls {
  private static final String PROTOCOL = "TLSv1.3";

  private ListenerTls() {}

  /** For one listener. */
  public static Tls of(
      ServerCertificate certificate, PassedSocketContext.Opening socket, Manner manner) {
    var context = new PassedSocketContext(of(certificate).sslContext(), socket, manner);
    return Tls.builder().sslContext(context).addEnabledProtocol(PROTOCOL).build();
  }

  private static Tls of(ServerCertificate certificate) {
    return Tls.builder()
        .privateKey(certificate.key())
        .addPrivateKeyCertChain(certificate.certificate())
        .addEnabledProtocol(PROTOCOL)
        .build();
  }
}
