package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/** Checks one signature by one key. */
final class PublicKeys {
  /** RFC 8410 §4: SubjectPublicKeyInfo of an Ed25519 key is this and the 32 raw bytes. */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;
  private static final int ED25519_SIGNATURE_DIGITS = 128;

  private PublicKeys() {}

  /** Why the signature does not count; empty where it is valid. */
  static Optional<String> findFault(Key key, byte[] message, String sig) {
    if (!key.keytype().equals("ed25519") || !key.scheme().equals("ed25519")) {
      return Optional.of("this program cannot check %s".formatted(key.scheme()));
    }
    if (!isLowerHex(sig, ED25519_SIGNATURE_DIGITS)) {
      return Optional.of("the signature is not 128 lower-case hexadecimal digits");
    }
    if (!isLowerHex(key.publicValue(), 2 * ED25519_BYTES)) {
      return Optional.of("the key is not 64 lower-case hexadecimal digits");
    }
    return verifies(key, message, HexFormat.of().parseHex(sig))
        ? Optional.empty()
        : Optional.of("the signature does not match");
  }

  private static boolean verifies(Key key, byte[] message, byte[] sig) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(publicKey(HexFormat.of().parseHex(key.publicValue())));
      verifier.update(message);
      return verifier.verify(sig);
    } catch (GeneralSecurityException e) {
      // A point that is not on the curve, a malformed signature: not valid, whatever the reason.
      return false;
    }
  }

  private static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
    byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(raw, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** One spelling only: HexFormat would take upper case too. */
  private static boolean isLowerHex(String text, int digits) {
    return text.length() == digits
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
