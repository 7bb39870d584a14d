package io.cloister.repo.publish;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.Signature;
import java.security.SignatureException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;

/** Bouncy Castle's way to a signature; its own one knows no deterministic ECDSA (RFC 6979). */
final class DeterministicSigner implements ContentSigner {
  private final AlgorithmIdentifier algorithm;
  private final Signature signature;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  /**
   * @param id of the signature's algorithm, which has no parameters
   */
  DeterministicSigner(ASN1ObjectIdentifier id, Signature signature) {
    this.algorithm = new AlgorithmIdentifier(id);
    this.signature = signature;
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return algorithm;
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    try {
      signature.update(content.toByteArray());
      return signature.sign();
    } catch (SignatureException e) {
      throw new IllegalArgumentException("the key does not sign", e);
    }
  }
}
