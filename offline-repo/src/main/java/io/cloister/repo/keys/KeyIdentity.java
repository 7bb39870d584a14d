package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import java.util.HexFormat;

/**
 * What makes two keys the same key, whatever their ids, further fields and line breaks: the decoded
 * key, or the text where this program cannot decode it.
 */
public record KeyIdentity(String value) {

  public static KeyIdentity of(Key key) {
    try {
      return of(VerifyingKey.parse(key));
    } catch (IllegalArgumentException e) {
      return new KeyIdentity(String.join("\n", key.keytype(), key.scheme(), key.publicValue()));
    }
  }

  static KeyIdentity of(VerifyingKey key) {
    return new KeyIdentity(key.kind() + ":" + HexFormat.of().formatHex(key.key().getEncoded()));
  }
}
