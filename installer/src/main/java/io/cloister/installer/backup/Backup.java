package io.cloister.installer.backup;

import io.cloister.repo.content.Version;
import io.cloister.repo.trust.SitePolicy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is the site's own, of one moment: docs/format/backup.md.
 *
 * @param made when
 * @param release that served
 * @param generation of the deployment that it served
 * @param policy of the site
 * @param files by their names in the backup
 */
public record Backup(
    Instant made, Version release, long generation, SitePolicy policy, Map<String, byte[]> files) {
  /** etc/cloister/cloister.yaml. */
  public static final String SETTINGS = "cloister.yaml";

  public static final String CERTIFICATE = "tls/cert.pem";

  /** Encrypted as the host had it, with the data's key. */
  public static final String CERTIFICATE_KEY = "tls/key.pem";

  /** All of the database as SQL; encrypted likewise. */
  public static final String DATABASE = "handed-over.sql";

  /** In hexadecimal digits; only where the host's data is encrypted. */
  public static final String DATA_KEY = "data-key";

  static final Set<String> ALWAYS = Set.of(SETTINGS, CERTIFICATE, CERTIFICATE_KEY, DATABASE);

  public Backup {
    files = Map.copyOf(files);
    if (!files.keySet().containsAll(ALWAYS)) {
      throw new IllegalArgumentException("not a whole backup: " + files.keySet());
    }
  }

  /** One of those that are always there. */
  public byte[] file(String name) {
    return Optional.ofNullable(files.get(name)).orElseThrow();
  }

  /** The key that its data is encrypted with, if any. */
  public Optional<byte[]> findDataKey() {
    return Optional.ofNullable(files.get(DATA_KEY));
  }
}
