package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Proves that a folder holds exactly what the signed manifest says. */
final class PackageProof {
  private static final int MANIFEST_BYTES_MAX = 64 << 20;

  private PackageProof() {}

  static void verify(ModelVersion model, Path folder) throws ModelRefused {
    byte[] manifest;
    try {
      manifest = Documents.read(folder.resolve("manifest.json"), MANIFEST_BYTES_MAX);
    } catch (IOException e) {
      throw new ModelRefused("its manifest cannot be read: " + e, e);
    }
    String actual = HexFormat.of().formatHex(sha256(manifest));
    if (!actual.equals(model.manifestSha256())) {
      throw new ModelRefused(
          "its manifest was changed: expected %s, found %s"
              .formatted(model.manifestSha256(), actual));
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
