package io.cloister.repo.publish;

import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.VolumeNote;
import io.cloister.repo.metadata.Sha256;
import java.util.List;
import java.util.Optional;

/**
 * The page that a person reads first.
 *
 * @param bootstrap whether a new machine can start from this medium
 * @param keys with which {@code SHA256SUMS} is signed
 */
record MediumReadme(
    Catalog catalog, Sha256 rootDigest, boolean bootstrap, List<BootstrapKey> keys) {
  private static final int SET_DIGITS = 12;

  String text(Optional<Delta> delta, Optional<VolumeNote> volume) {
    StringBuilder text = new StringBuilder(facts());
    keys.forEach(key -> text.append(certificate(key)));
    volume.ifPresent(note -> text.append(volume(note)));
    delta.ifPresent(it -> text.append(delta(it)));
    text.append(
        """

        Compare what stands above with the vendor's letter before you go on, and
        with what these commands print. Every one of them must succeed.

          sha256sum metadata/1.root.json
        """);
    keys.forEach(key -> text.append(check(key)));
    text.append("  sha256sum -c SHA256SUMS\n\n");
    if (bootstrap) {
      text.append(firstInstallation(rootDigest));
    }
    text.append(
        """
        On a machine that runs Cloister already:

          cloister verify .
          cloister update .

        Packages:
        """);
    for (VerifiedPackage each : catalog.packages()) {
      text.append("  %s  sha256:%s\n".formatted(each.id(), each.manifestSha256()));
    }
    return text.toString();
  }

  private static String certificate(BootstrapKey key) {
    return """
          Vendor   %s, certificate with SHA-256 fingerprint
          %s
          """
        .formatted(key.certificateFile(), key.fingerprint().replaceFirst("(.{48})", "  $1\n  "));
  }

  private static String check(BootstrapKey key) {
    String needs =
        key.algorithm() == BootstrapAlgorithm.ML_DSA_87 ? "  # OpenSSL 3.5 or newer" : "";
    return "  openssl x509 -in %s -noout -fingerprint -sha256%s\n  %s\n"
        .formatted(
            key.certificateFile(),
            needs,
            verifyCommand(Sha256Sums.FILE, key.signatureFile(), key.certificateFile()));
  }

  /**
   * Proves a file with a tool that is not ours. Dates in the certificate are not looked at: it is
   * its fingerprint that counts, and the clock of the machine may be wrong.
   */
  static String verifyCommand(String file, String signature, String certificate) {
    return "openssl cms -verify -binary -inform DER -in %s -content %s -CAfile %s"
            .formatted(signature, file, certificate)
        + " -purpose any -no_check_time -out /dev/null";
  }

  private String facts() {
    return """
        This medium holds software and models for Cloister, signed by their vendor.

        Made     %s, repository version %d
        Expires  %s
        Root     sha256:%s
        """
        .formatted(
            catalog.provenance().signedAt(),
            catalog.timestampVersion(),
            catalog.expires(),
            rootDigest);
  }

  private static String volume(VolumeNote note) {
    return """
          Volume   %s of the set %s

          This is one of %d volumes. Any may be put in first; cloister asks for the
          others. Where they lie together, name them all.
          """
        .formatted(note.words(), note.set().hex().substring(0, SET_DIGITS), note.volumes().size());
  }

  private static String delta(Delta delta) {
    StringBuilder text =
        new StringBuilder(
            """

            THIS IS A DELTA. It leaves out %d blobs (%d bytes) of packages that the
            machine must have already:
            """
                .formatted(delta.blobs(), delta.bytes()));
    delta.base().forEach((name, digest) -> text.append("  ").append(name).append('\n'));
    text.append("A machine that lacks them needs a whole medium.\n");
    return text.toString();
  }

  private static String firstInstallation(Sha256 rootDigest) {
    return """
          First installation on a machine, as root, in this folder:

            sh %s --trusted-root sha256:%s

          It unpacks the command cloister and has it verify and install all this. To
          look only, add --dry-run; for a trial as an ordinary user, --root DIR.

          """
        .formatted(Publication.SETUP, rootDigest);
  }
}
