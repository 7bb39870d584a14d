package io.cloister.repo.keys;

import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/**
 * Signatures that follow from key and message alone: the same inputs publish the same bytes. Where
 * the JDK only signs with random numbers, Bouncy Castle does it.
 */
final class RepeatableSignature {
  static final int RSA_SALT_BYTES = 32;

  private RepeatableSignature() {}

  static byte[] of(KeyKind kind, PrivateKey secret, byte[] message)
      throws GeneralSecurityException {
    try {
      return switch (kind) {
        case ED25519 -> ed25519(secret, message);
        case ECDSA -> ecdsa(secret, message);
        case RSA -> rsa(secret, message);
        case ML_DSA_87 -> mlDsa(secret, message);
      };
    } catch (IOException | CryptoException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static byte[] ed25519(PrivateKey secret, byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(KeyKind.ED25519.javaName());
    signer.initSign(secret);
    signer.update(message);
    return signer.sign();
  }

  /** RFC 6979 §3.2. */
  private static byte[] ecdsa(PrivateKey secret, byte[] message) throws IOException {
    var key = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(secret.getEncoded());
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, key);
    BigInteger[] pair = signer.generateSignature(Sha256.digest().digest(message));
    return StandardDSAEncoding.INSTANCE.encode(key.getParameters().getN(), pair[0], pair[1]);
  }

  /** RFC 8017 §8.1: a fixed salt will do, though the proof of security is less tight. */
  private static byte[] rsa(PrivateKey secret, byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("RSASSA-PSS");
    signer.initSign(secret, new FixedRandom(new byte[RSA_SALT_BYTES]));
    signer.setParameter(VerifyingKey.pss(RSA_SALT_BYTES));
    signer.update(message);
    return signer.sign();
  }

  /**
   * FIPS 204 §3.4, the deterministic variant: what Bouncy Castle does unless it is given chance.
   */
  private static byte[] mlDsa(PrivateKey secret, byte[] message)
      throws IOException, CryptoException {
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, PrivateKeyFactory.createKey(secret.getEncoded()));
    signer.update(message, 0, message.length);
    return signer.generateSignature();
  }
}
