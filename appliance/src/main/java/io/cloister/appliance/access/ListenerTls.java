package io.cloister.appliance.access;

import io.helidon.common.tls.Tls;

/** TLS 1.3 and nothing older, with the appliance's certificate. */
public final class ListenerTls {
  private ListenerTls() {}

  public static Tls of(ServerCertificate certificate) {
    return Tls.builder()
        .privateKey(certificate.key())
        .addPrivateKeyCertChain(certificate.certificate())
        .addEnabledProtocol("TLSv1.3")
        .build();
  }
}
