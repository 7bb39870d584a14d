package io.cloister.appliance.access;

import io.cloister.appliance.systemd.Manner;
import io.cloister.appliance.systemd.PassedSocketContext;
import io.helidon.common.tls.Tls;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS 1.3 and nothing older, with the appliance's certificate. */
public final class ListenerTls {
  private static final String PROTOCOL = "TLSv1.3";

  private ListenerTls() {}

  /** For one listener. */
  public static Tls of(
      ServerCertificate certificate, PassedSocketContext.Opening socket, Manner manner) {
    var context = new PassedSocketContext(context(certificate), socket, manner);
    return Tls.builder().sslContext(context).addEnabledProtocol(PROTOCOL).build();
  }

  /**
   * Made here because a library would put the key into a key store first, and stretch a password of
   * its own for that at each start. No client is asked for a certificate: none is trusted.
   */
  private static SSLContext context(ServerCertificate certificate) {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(new KeyManager[] {new OneKey(certificate)}, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + PROTOCOL, e);
    }
  }
}
