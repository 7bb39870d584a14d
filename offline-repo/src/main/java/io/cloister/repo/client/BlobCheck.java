package io.cloister.repo.client;

import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Proves all blobs of packages, each once, on two threads; memory is bounded by two chunks each.
 */
final class BlobCheck {
  private static final int THREADS = 2;

  private final PackageReader reader;
  private final Progress progress;

  BlobCheck(Medium medium, Progress progress) {
    this.reader = new PackageReader(medium);
    this.progress = progress;
  }

  /** In the order of packages, files and chunks. */
  List<Refusal> findFaults(List<VerifiedPackage> packages) {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<Refusal>>> results = new ArrayList<>();
      distinct(packages)
          .forEach((chunk, holds) -> results.add(threads.submit(() -> check(chunk, holds))));
      List<Refusal> faults = new ArrayList<>();
      for (Future<List<Refusal>> result : results) {
        faults.addAll(result.get());
      }
      return faults;
    } catch (ExecutionException e) {
      throw new IllegalStateException("checking a blob failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while checking blobs", e);
    }
  }

  /** Packages share blobs; where a chunk lies in its file does not matter here. */
  private static Map<Chunk, String> distinct(List<VerifiedPackage> packages) {
    Map<Chunk, String> chunks = new LinkedHashMap<>();
    for (VerifiedPackage each : packages) {
      for (ManifestFile file : each.manifest().files()) {
        for (Chunk chunk : file.chunks()) {
          chunks.putIfAbsent(
              new Chunk(0, chunk.length(), chunk.sha256(), chunk.zstd()),
              PackageReader.holds(each, file, chunk));
        }
      }
    }
    return chunks;
  }

  private List<Refusal> check(Chunk chunk, String holds) {
    try {
      progress.advance(reader.read(chunk, holds).length);
      return List.of();
    } catch (RefusedException e) {
      return e.refusals();
    }
  }
}
