package io.cloister.repo.publish;

import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.VolumeNote;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The page that a person reads first. Nothing proves it yet, so it tells neither the root digest
 * nor a fingerprint: those are to be had from the vendor's letter.
 *
 * @param bootstrap whether a new machine can start from this medium
 * @param keys with which {@code SHA256SUMS} is signed
 */
record MediumReadme(Catalog catalog, boolean bootstrap, List<BootstrapKey> keys) {
  /** In all documents, to be replaced by the place of the medium. */
  static final String PLACE = "/media/stick";

  private static final int SET_DIGITS = 12;

  MediumReadme {
    keys = keys.stream().sorted(Comparator.comparing(BootstrapKey::algorithm)).toList();
  }

  String text(Optional<Delta> delta, Optional<VolumeNote> volume) {
    StringBuilder text = new StringBuilder(facts());
    volume.ifPresent(note -> text.append(volume(note)));
    delta.ifPresent(it -> text.append(delta(it)));
    if (bootstrap || !keys.isEmpty()) {
      text.append(keys.isEmpty() ? unproven() : proven());
    }
    text.append(
        """

        On a machine that runs Cloister already:

          cloister verify %1$s
          cloister update %1$s

        Packages:
        """
            .formatted(PLACE));
    for (VerifiedPackage each : catalog.packages()) {
      text.append("  %s  sha256:%s\n".formatted(each.id(), each.manifestSha256()));
    }
    return text.toString();
  }

  private String facts() {
    return """
        This medium holds software and models for Cloister, signed by their vendor.
        Where %s stands below, put the place of the medium.

        Made     %s, repository version %d
        Expires  %s
        """
        .formatted(
            PLACE, catalog.provenance().signedAt(), catalog.timestampVersion(), catalog.expires());
  }

  /** The first key's signature decides; another is for those whose OpenSSL knows it. */
  private String proven() {
    StringBuilder text = new StringBuilder();
    text.append(
        """

        %s
        Nothing on it is proven yet, not even this page. In a folder of your own, which
        is not on the medium:

          %s &&
          %s

        Go on only where that prints the fingerprint of the vendor's letter, every
        digit of it.
        """
            .formatted(
                bootstrap
                    ? "First installation on a machine, as root."
                    : "To check the medium without Cloister.",
                copyCommand(),
                certificateCommand(keys.getFirst())));
    for (BootstrapKey key : keys.subList(1, keys.size())) {
      text.append("\nWhere openssl is 3.5 or newer, likewise for the letter's other one:\n\n");
      text.append("  %s\n  %s\n".formatted(certificateCommand(key), verifyCommand(key)));
    }
    text.append("\nThen:\n\n  %s &&\n".formatted(verifyCommand(keys.getFirst())));
    text.append(bootstrap ? "  " + setupCheck() + " &&\n" + installation() : wholeCheck());
    return text.toString();
  }

  private String unproven() {
    return """

        First installation on a machine, as root. The vendor has not signed SHA256SUMS
        for openssl: nothing proves setup.sh before it runs. In a folder of your own:

          %s &&
        %s"""
        .formatted(copyCommand(), installation());
  }

  private String copyCommand() {
    return "mkdir check && cd check && cp %s%s/%s* ."
        .formatted(
            bootstrap ? "%s/%s ".formatted(PLACE, Publication.SETUP) : "", PLACE, Sha256Sums.FILE);
  }

  /** One certificate, whatever else the file holds; what is printed is what is trusted then. */
  private static String certificateCommand(BootstrapKey key) {
    return "openssl x509 -in %s/%s -fingerprint -sha256 -out %3$s && head -n 1 %3$s"
        .formatted(PLACE, key.certificateFile(), copy(key));
  }

  private static String verifyCommand(BootstrapKey key) {
    return verifyCommand(Sha256Sums.FILE, key.signatureFile(), copy(key));
  }

  private static String copy(BootstrapKey key) {
    return key.algorithm().label() + ".pem";
  }

  /**
   * Proves a file with a tool that is not ours. The signer is looked for in the one certificate
   * given and nowhere else: not in the message, and not among the machine's own authorities, of
   * which {@code -CAfile} takes none away. Dates are not looked at: it is the fingerprint that
   * counts, and the clock of the machine may be wrong.
   */
  static String verifyCommand(String file, String signature, String certificate) {
    return "openssl cms -verify -nointern -noverify -certfile %s -binary -inform DER"
            .formatted(certificate)
        + " -in %s -content %s -out /dev/null".formatted(signature, file);
  }

  /** Fails where the list does not name it: not every signed list is of a medium that has one. */
  private static String setupCheck() {
    return "grep '%s$' %s | sha256sum --check".formatted(Publication.SETUP, Sha256Sums.FILE);
  }

  private static String wholeCheck() {
    return "  (cd %s && sha256sum --check) <%s\n".formatted(PLACE, Sha256Sums.FILE);
  }

  private static String installation() {
    return """
          sh %s %s

        It asks for the digest in the letter. With --trusted-root sha256:DIGEST it does
        not; --dry-run looks only; for a trial as an ordinary user, add --root DIR.
        """
        .formatted(Publication.SETUP, PLACE);
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
}
