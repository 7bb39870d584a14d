package io.cloister.repo.publish;

import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.metadata.Sha256;

/** The page that a person reads first. */
final class MediumReadme {
  private MediumReadme() {}

  static String text(Catalog catalog, Sha256 rootDigest, boolean bootstrap) {
    StringBuilder text =
        new StringBuilder(
            """
            This medium holds software and models for Cloister, signed by their vendor.

            Made     %s, repository version %d
            Expires  %s
            Root     sha256:%s

            Compare the Root line with the vendor's letter before you go on. It is
            the SHA-256 of metadata/1.root.json:

              sha256sum metadata/1.root.json
              sha256sum -c SHA256SUMS

            """
                .formatted(
                    catalog.provenance().signedAt(),
                    catalog.timestampVersion(),
                    catalog.expires(),
                    rootDigest));
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

  /**
   * Proves a file with a tool that is not ours. Dates in the certificate are not looked at: it is
   * its fingerprint that counts, and the clock of the machine may be wrong.
   */
  static String verifyCommand(String file, String signature, String certificate) {
    return "openssl cms -verify -binary -inform DER -in %s -content %s -CAfile %s"
            .formatted(signature, file, certificate)
        + " -purpose any -no_check_time -out /dev/null";
  }

  private static String firstInstallation(Sha256 rootDigest) {
    return """
          First installation on a machine, in this folder:

            mkdir /tmp/cloister && tar -C /tmp/cloister -xzf %s
            /tmp/cloister/bin/cloister verify . --trusted-root sha256:%s
            /tmp/cloister/bin/cloister install . --trusted-root sha256:%s

          """
        .formatted(Publication.BOOTSTRAP, rootDigest, rootDigest);
  }
}
