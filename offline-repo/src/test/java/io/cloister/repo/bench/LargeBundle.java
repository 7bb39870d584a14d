package io.cloister.repo.bench;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.TarWriter;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Workspace;
import io.cloister.repo.testing.SigningRepository;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Writes a bundle that no disk needs to hold: one model of files of 1 GiB, made as they are asked
 * for. Every chunk differs from every other, in its first bytes.
 */
public final class LargeBundle {
  private static final int FILE_BYTES = 1 << 30;

  private final byte[] pattern;
  private final int files;

  private LargeBundle(int files, int chunkBytes) {
    this.files = files;
    this.pattern = new byte[chunkBytes];
    new Random(1).nextBytes(pattern);
  }

  /**
   * Writes the bundle to the standard output.
   *
   * @param arguments GIBIBYTES CHUNK_KIBIBYTES FOLDER: an empty one, which gets the vendor's
   *     repository; {@code metadata/1.root.json} in it is what to trust
   */
  public static void main(String[] arguments) throws Exception {
    var bundle =
        new LargeBundle(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]) << 10);
    Path repository = Path.of(arguments[2]);
    PackageManifest manifest = bundle.manifest();
    sign(repository, manifest);
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 20)) {
      bundle.write(repository, manifest, out);
    }
  }

  private byte[] content(byte[] chunk, long index) {
    ByteBuffer.wrap(chunk).putLong(index);
    return chunk;
  }

  /** Hashing takes most of the time, so every processor takes a file. */
  private PackageManifest manifest() throws Exception {
    List<Future<ManifestFile>> packed = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (int i = 0; i < files; i++) {
        int number = i;
        packed.add(pool.submit(() -> file(number)));
      }
      List<ManifestFile> all = new ArrayList<>();
      for (Future<ManifestFile> each : packed) {
        all.add(each.get());
      }
      var id = new PackageId(Kind.MODEL, "large", Version.parse("1.0.0"));
      return new PackageManifest(id, Instant.now().truncatedTo(ChronoUnit.SECONDS), all);
    }
  }

  private ManifestFile file(int number) {
    MessageDigest whole = Sha256.digest();
    byte[] chunk = pattern.clone();
    List<Chunk> chunks = new ArrayList<>();
    for (long at = 0; at < FILE_BYTES; at += chunk.length) {
      content(chunk, number * (long) FILE_BYTES + at);
      whole.update(chunk);
      chunks.add(new Chunk(at, chunk.length, Sha256.of(chunk), Optional.empty()));
    }
    return new ManifestFile(
        "part-%04d".formatted(number), FILE_BYTES, false, Sha256.of(whole), chunks);
  }

  /** The blobs are nowhere: signing needs the manifest only. */
  private static void sign(Path repository, PackageManifest manifest) throws Exception {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Map<RoleType, List<SigningKey>> keys = new EnumMap<>(RoleType.class);
    for (RoleType type : RoleType.values()) {
      keys.put(type, List.of(key));
    }
    Instant now = manifest.created();
    Workspace workspace = SigningRepository.workspace(repository, keys, Duration.ofDays(30), now);
    byte[] bytes = manifest.encode();
    String name = Sha256.of(bytes) + "." + manifest.id().targetPath();
    Files.write(repository.resolve("targets").resolve(name), bytes);
    workspace.sign(Map.of("key", key), now, false);
  }

  private void write(Path repository, PackageManifest manifest, OutputStream out)
      throws IOException {
    TarWriter tar = new TarWriter(out, manifest.created());
    Map<String, Sha256> sums = new TreeMap<>();
    for (String folder : List.of("metadata", "targets")) {
      try (Stream<Path> all = Files.list(repository.resolve(folder))) {
        for (Path file : all.sorted().toList()) {
          byte[] bytes = Files.readAllBytes(file);
          String name = folder + "/" + file.getFileName();
          sums.put(name, Sha256.of(bytes));
          tar.write(name, bytes);
        }
      }
    }
    sums.keySet().removeIf(name -> name.startsWith("targets"));
    tar.write(Sha256Sums.FILE, new Sha256Sums(new TreeMap<>(sums)).encode());
    byte[] chunk = pattern.clone();
    long index = 0;
    for (ManifestFile file : manifest.files()) {
      for (Chunk each : file.chunks()) {
        tar.write(each.blobPath(), content(chunk, index));
        index += chunk.length;
      }
    }
    tar.finish();
  }
}
