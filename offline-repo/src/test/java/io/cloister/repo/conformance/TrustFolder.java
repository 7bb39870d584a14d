package io.cloister.repo.conformance;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.StoreDamaged;
import io.cloister.repo.TrustRefusal.StoreNotWritten;
import io.cloister.repo.client.MetadataFiles;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.trust.TrustedMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trust kept role by role, as TUF 1.0.34 §5 says, under names without versions.
 *
 * @param metadata of the repository
 */
record TrustFolder(Path folder, HttpRepository metadata) implements MetadataFiles {
  private static final String METADATA = "metadata/";

  /** The trusted root, and what else earlier runs kept and the root still vouches for. */
  TrustedMetadata load() throws RefusedException {
    byte[] root =
        findKept(RoleType.ROOT.fileName())
            .orElseThrow(() -> new RefusedException(new StoreDamaged(folder + "", "no root.json")));
    TrustedMetadata trusted = TrustedMetadata.startFrom(root, "root.json");
    Optional<byte[]> timestamp = findKept(RoleType.TIMESTAMP.fileName());
    Optional<byte[]> snapshot = findKept(RoleType.SNAPSHOT.fileName());
    try {
      if (timestamp.isPresent()) {
        var signed = Signed.parseTimestamp(timestamp.get(), "timestamp.json");
        trusted = trusted.resume(Optional.of(signed), Optional.empty());
      }
      if (snapshot.isPresent()) {
        var signed = Signed.parseSnapshot(snapshot.get(), "snapshot.json");
        trusted = trusted.resume(trusted.timestamp(), Optional.of(signed));
      }
    } catch (RefusedException e) {
      // A root of a run that was cut short has other keys: that trust is gone (§5.3.11).
      return trusted;
    }
    return trusted;
  }

  @Override
  public Optional<byte[]> find(String file, int bytesMax) throws RefusedException {
    return metadata.find(file.substring(METADATA.length()), bytesMax);
  }

  @Override
  public Optional<byte[]> findKept(String name) throws RefusedException {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new RefusedException(new StoreDamaged(file.toString(), e.toString()));
    }
  }

  @Override
  public void keep(String name, byte[] bytes) throws RefusedException {
    try {
      DurableFiles.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new RefusedException(
          new StoreNotWritten(folder.resolve(name).toString(), e.toString()));
    }
  }

  @Override
  public void forget(String name) throws RefusedException {
    try {
      DurableFiles.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw new RefusedException(
          new StoreNotWritten(folder.resolve(name).toString(), e.toString()));
    }
  }
}
