package io.cloister.appliance.scrub;

import io.cloister.appliance.config.Documents;
import io.cloister.appliance.scrub.ScrubReport.Fault;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.InstalledFiles;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at one package after the other. */
record PackageScrub(Pace pace, ByteBuffer buffer, InstantSource clock) {
  private static final String MANIFEST = "manifest.json";

  /** The installer takes packages away while they are read: what stays wrong is wrong. */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

  /** What is wrong with it; the files that its manifest does not name are nobody's. */
  List<Fault> findFaults(Installed installed) throws InterruptedException, InterruptedIOException {
    List<Fault> faults = look(installed);
    if (faults.isEmpty()) {
      return faults;
    }
    Thread.sleep(SECOND_LOOK);
    boolean gone = installed.manifestSha256().isEmpty() && Files.notExists(installed.folder());
    return gone ? List.of() : look(installed);
  }

  private List<Fault> look(Installed installed) throws InterruptedIOException {
    try {
      byte[] bytes =
          Documents.read(installed.folder().resolve(MANIFEST), PackageManifest.BYTES_MAX);
      pace.take(bytes.length);
      String found = Sha256.of(bytes).hex();
      Optional<String> expected = installed.manifestSha256();
      if (expected.isPresent() && !expected.get().equals(found)) {
        return List.of(fault(installed, "sha256 " + expected.get(), "sha256 " + found));
      }
      PackageManifest manifest = PackageManifest.parse(bytes, MANIFEST);
      if (installed.manifestSha256().isEmpty() && !fits(installed, manifest)) {
        return List.of(fault(installed, installed.title(), manifest.id().toString()));
      }
      return look(installed, manifest);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return List.of(fault(installed, "readable", String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      return List.of(fault(installed, "a manifest", e.refusal().toString()));
    }
  }

  /** A release of which only the version is known. */
  private static boolean fits(Installed installed, PackageManifest manifest) {
    return manifest.id().toString().equals(installed.title())
        || installed.title().equals("runtime " + manifest.id().version());
  }

  private List<Fault> look(Installed installed, PackageManifest manifest)
      throws InterruptedIOException {
    List<Fault> faults = new ArrayList<>();
    for (ManifestFile file : manifest.files()) {
      Optional<InstalledFileChanged> changed =
          InstalledFiles.findFault(
              file, installed.folder(), path -> SlowFile.open(path, pace, buffer));
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("it is being stopped");
      }
      changed.ifPresent(
          c ->
              faults.add(
                  new Fault(
                      installed.title(),
                      c.file(),
                      c.offset(),
                      c.expected(),
                      c.actual(),
                      clock.instant())));
    }
    return faults;
  }

  private Fault fault(Installed installed, String expected, String found) {
    return new Fault(installed.title(), MANIFEST, 0, expected, found, clock.instant());
  }
}
