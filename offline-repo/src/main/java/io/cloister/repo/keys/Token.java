package io.cloister.repo.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PKCS#11 token, used through the JDK's own provider; private keys never leave it. */
public final class Token {
  private Token() {}

  /**
   * The key that a URI names. Throws IllegalArgumentException with the reason.
   *
   * @param pin of the token's user
   */
  public static SigningKey open(TokenUri uri, char[] pin) {
    Provider base = Security.getProvider("SunPKCS11");
    if (base == null) {
      throw new IllegalArgumentException("this Java runtime has no module jdk.crypto.cryptoki");
    }
    Provider provider = base.configure(configuration(uri, slot(uri)));
    try {
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      Certificate certificate = store.getCertificate(uri.object());
      if (certificate == null || !(store.getKey(uri.object(), null) instanceof PrivateKey secret)) {
        throw new IllegalArgumentException(
            "the token has no private key with a certificate under the label %s, only %s"
                .formatted(uri.object(), List.copyOf(Collections.list(store.aliases()))));
      }
      VerifyingKey verifying = verifying(certificate);
      SigningKey key = SigningKey.onToken(secret, verifying, provider);
      key.checkFits();
      return key;
    } catch (IOException e) {
      throw new IllegalArgumentException("the token refuses the PIN: " + cause(e), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the token cannot be used: " + cause(e), e);
    }
  }

  private static VerifyingKey verifying(Certificate certificate) {
    byte[] encoded = certificate.getPublicKey().getEncoded();
    Optional<KeyKind> kind =
        switch (certificate.getPublicKey().getAlgorithm()) {
          case "EC" -> Optional.of(KeyKind.ECDSA);
          case "RSA" -> Optional.of(KeyKind.RSA);
          default -> Optional.empty();
        };
    return VerifyingKey.of(
        kind.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "on tokens ecdsa and rsa are used, the key is "
                        + certificate.getPublicKey().getAlgorithm())),
        encoded);
  }

  private static long slot(TokenUri uri) {
    Map<Long, Map<String, String>> tokens = TokenSlots.list(uri.module());
    List<Long> found =
        tokens.entrySet().stream()
            .filter(each -> each.getValue().entrySet().containsAll(uri.token().entrySet()))
            .map(Map.Entry::getKey)
            .toList();
    if (found.size() != 1) {
      List<String> labels =
          tokens.values().stream().map(each -> each.getOrDefault("token", "")).toList();
      throw new IllegalArgumentException(
          "%d tokens match; there are %s".formatted(found.size(), labels));
    }
    return found.getFirst();
  }

  /** A leading {@code --} says that this is the configuration itself, not a file's name. */
  private static String configuration(TokenUri uri, long slot) {
    String module = uri.module().toAbsolutePath().toString();
    if (module.indexOf('"') >= 0 || module.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("module-path holds a quotation mark or a line's end");
    }
    return "--name=cloister-%d\nlibrary=\"%s\"\nslot=%d\n".formatted(slot, module, slot);
  }

  private static String cause(Throwable fault) {
    Throwable first = fault;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return String.valueOf(first.getMessage());
  }
}
