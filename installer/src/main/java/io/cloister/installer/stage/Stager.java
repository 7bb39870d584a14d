package io.cloister.installer.stage;

import io.cloister.installer.InstallRefusal.InstalledContentChanged;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.repo.MediaRefusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.ChunkSink;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.InstalledFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Progress;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes verified packages to the host: beside their place, each chunk proven before it is written,
 * forced, then renamed in one step. It takes {@link VerifiedPackage}s and nothing else.
 */
public record Stager(HostPaths paths, PackageReader reader, Progress progress) {
  /** The exact bytes of the signed manifest, beside the files it names. */
  public static final String MANIFEST = "manifest.json";

  /** Where the files of a package lie. */
  public static Path folder(HostPaths paths, PackageId id) {
    return id.kind() == Kind.RUNTIME
        ? paths.release(id.version().toString())
        : paths.model(id.name(), id.version().toString());
  }

  /** Brings everything of the plan to its place; on failure the leftovers are the caller's. */
  public void apply(InstallPlan plan)
      throws IOException, RefusedException, InstallRefusedException {
    for (InstalledPackage present : plan.toReuse()) {
      verify(paths, present);
    }
    if (plan.toStage().isEmpty()) {
      return;
    }
    var paused = new PausedSet(paths);
    try {
      fill(staging(paused, plan.toStage()));
      paused.forget();
    } catch (RefusedException e) {
      if (e.refusals().stream().noneMatch(MediaRefusal.VolumeMissing.class::isInstance)) {
        paused.forget();
      }
      throw e;
    } catch (IOException e) {
      paused.forget();
      throw e;
    }
  }

  /** What an earlier run brought of the same set of volumes is kept, anything else is not. */
  private Staging staging(PausedSet paused, List<VerifiedPackage> packages) throws IOException {
    Optional<String> set = reader.findSet();
    if (set.isPresent() && paused.find().equals(set)) {
      return Staging.resume(paths, packages);
    }
    paused.forget();
    Staging staging = Staging.begin(paths, packages);
    if (set.isPresent()) {
      paused.write(set.get());
    }
    return staging;
  }

  private void fill(Staging staging) throws IOException, RefusedException {
    progress.advance(staging.presentBytes());
    List<Chunk> left = staging.putExisting(staging.missing(), reader.existing(), progress::advance);
    PackageReader.refuse(reader.deliver(left, new Filling(staging, progress)));
    staging.finish();
  }

  /** Puts chunks where they belong as they come. */
  private record Filling(Staging staging, Progress progress) implements ChunkSink {
    @Override
    public void take(Chunk chunk, byte[] plain) throws IOException {
      progress.advance(staging.put(chunk, plain));
    }

    @Override
    public void repaired(String file) {
      progress.repaired(file);
    }
  }

  /** Hashes an installed package again, against the manifest that was signed for it. */
  public static void verify(HostPaths paths, InstalledPackage installed)
      throws IOException, InstallRefusedException {
    Path folder = folder(paths, installed.id());
    try {
      byte[] manifest = Files.readAllBytes(folder.resolve(MANIFEST));
      Sha256 found = Sha256.of(manifest);
      if (!found.equals(installed.manifestSha256())) {
        throw changed(installed, List.of("manifest.json has sha256 " + found));
      }
      InstalledFiles.verify(PackageManifest.parse(manifest, MANIFEST), folder);
    } catch (RefusedException e) {
      throw changed(installed, e.refusals().stream().map(Object::toString).toList());
    }
  }

  private static InstallRefusedException changed(InstalledPackage installed, List<String> faults) {
    return new InstallRefusedException(
        new InstalledContentChanged(installed.id().toString(), faults));
  }
}
