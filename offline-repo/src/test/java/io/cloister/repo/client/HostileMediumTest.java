package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the bytes of a medium, it is refused, named, and nothing is written. */
final class HostileMediumTest {
  private static final PackageId DIGITS = model("digits", "1.0.0");
  private static final int GRAPH_BYTES = 200_000;

  @TempDir Path folder;
  private SigningRepository vendor;
  private MediumEditor editor;
  private Path medium;
  private Path trust;

  @BeforeEach
  void publish() throws Exception {
    medium = folder.resolve("medium");
    trust = folder.resolve("trust");
    vendor = SigningRepository.create(folder.resolve("vendor"));
    byte[] graph = new byte[GRAPH_BYTES];
    new Random(1).nextBytes(graph);
    byte[] text = "golden rows ".repeat(1000).getBytes(StandardCharsets.UTF_8);
    editor =
        vendor
            .add(DIGITS, Map.of("model.onnx", graph, "golden.json", text, "empty", new byte[0]))
            .publish(medium);
  }

  private Catalog verify() throws RefusedException {
    MediumClient client =
        MediumClient.open(Medium.folder(medium), TrustStore.at(trust, vendor.anchor()), NOW);
    Catalog catalog = client.refresh();
    client.verifyAll(catalog, Progress.SILENT);
    return catalog;
  }

  private RefusedException refused() {
    RefusedException refused = catchThrowableOfType(RefusedException.class, this::verify);
    assertThat(refused).isNotNull();
    assertThat(trust).doesNotExist();
    return refused;
  }

  private <T extends Refusal> T refusedWith(Class<T> type) {
    Refusal refusal = refused().refusal();
    assertThat(refusal).isInstanceOf(type);
    return type.cast(refusal);
  }

  private void replaceManifest(String files) throws Exception {
    String document =
        """
        {"format":1,"kind":"model","name":"digits","version":"1.0.0",
         "created":"2026-11-22T00:00:00Z","files":[%s]}"""
            .formatted(files);
    editor.replaceManifest(DIGITS, document.getBytes(StandardCharsets.UTF_8));
  }

  private static String file(String name, long length, String chunks) {
    return """
        {"name":"%s","length":%d,"executable":false,"sha256":"%s","chunks":[%s]}"""
        .formatted(name, length, "0".repeat(64), chunks);
  }

  private static String chunk(long offset, long length) {
    return """
        {"offset":%d,"length":%d,"sha256":"%s"}"""
        .formatted(offset, length, "0".repeat(64));
  }

  @Test
  void aGoodMediumIsVerifiedAndItsFilesAreCopiedExactly() throws Exception {
    Catalog catalog = verify();
    VerifiedPackage digits = catalog.find(DIGITS).orElseThrow();
    PackageReader reader = new PackageReader(Medium.folder(medium), catalog.packages());
    for (var file : digits.manifest().files()) {
      byte[] copy = reader.peek(digits, file).orElseThrow();
      assertThat(Sha256.of(copy)).isEqualTo(file.sha256());
    }
    assertThat(catalog.provenance().keyIds()).hasSize(1);
    assertThat(digits.provenance().signedAt()).isEqualTo(NOW);
  }

  @Test
  void oneChangedBitInAnyFileIsRefused() throws Exception {
    Random random = new Random(7);
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      int tries = good.length < 20_000 ? 12 : 4;
      for (int i = 0; i < tries; i++) {
        byte[] bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bad);
        refused();
      }
      Files.write(file, good);
    }
    verify();
  }

  @Test
  void aMissingFileIsRefusedWhicheverItIs() throws Exception {
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      Files.delete(file);
      assertThat(refused().refusals())
          .anyMatch(each -> each instanceof MediaRefusal.MissingFile, file.toString());
      Files.write(file, good);
    }
  }

  @Test
  void aTruncatedFileIsRefusedWhicheverItIs() throws Exception {
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      for (int length : new int[] {0, good.length / 2, good.length - 1}) {
        Files.write(file, Arrays.copyOf(good, length));
        refused();
      }
      Files.write(file, good);
    }
  }

  @Test
  void allDamagedBlobsAreReportedTogether() throws Exception {
    for (Path file : files()) {
      if (file.toString().contains("blobs")) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    assertThat(refused().refusals())
        .hasSize(2)
        .allMatch(each -> each instanceof MediaRefusal.WrongBytes);
  }

  @Test
  void aBlobLongerThanStatedIsRefusedWithoutReadingItAll() throws Exception {
    Path blob = files().stream().filter(f -> f.toString().contains("blobs")).findFirst().get();
    try (RandomAccessFile sparse = new RandomAccessFile(blob.toFile(), "rw")) {
      sparse.setLength(1L << 36);
    }
    assertThat(refusedWith(MediaRefusal.WrongLength.class).where().file()).startsWith("blobs/");
  }

  @Test
  void anEndlessMetadataFileIsRefusedAtItsLimit() throws Exception {
    try (RandomAccessFile sparse =
        new RandomAccessFile(medium.resolve("metadata/timestamp.json").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertThat(refusedWith(MediaRefusal.TooLong.class).bytesMax()).isEqualTo(65_536);
  }

  @Test
  void linksAndDevicesOnTheMediumAreRefused() throws Exception {
    Path timestamp = medium.resolve("metadata/timestamp.json");
    Path elsewhere = folder.resolve("elsewhere.json");
    Files.move(timestamp, elsewhere);
    Files.createSymbolicLink(timestamp, elsewhere);
    assertThat(refusedWith(MediaRefusal.NotAPlainFile.class).found()).isEqualTo("a symbolic link");
    Files.delete(timestamp);
    Files.createSymbolicLink(timestamp, Path.of("/dev/zero"));
    refusedWith(MediaRefusal.NotAPlainFile.class);
    Files.delete(timestamp);
    Files.move(elsewhere, timestamp);
    Files.move(medium.resolve("metadata"), folder.resolve("metadata"));
    Files.createSymbolicLink(medium.resolve("metadata"), folder.resolve("metadata"));
    refusedWith(MediaRefusal.NotAPlainFile.class);
  }

  @Test
  void aSignedManifestWithAHostileNameIsRefused() throws Exception {
    String[] hostile = {
      "../x",
      "/etc/passwd",
      "a/../../x",
      "a/./b",
      "",
      ".",
      "..",
      "a//b",
      "a/",
      "a\\\\b",
      "...",
      "..x",
      "a.",
      "a b",
      "con:",
      "C:/x",
      "a\\u0000b",
      "a\\nb",
      "\\u202Eexe",
      "é",
      "~/x$"
    };
    for (String name : hostile) {
      replaceManifest(file(name, 0, ""));
      assertThat(refusedWith(MediaRefusal.MalformedManifest.class).file()).startsWith("targets/");
    }
  }

  @Test
  void namesThatCollideAreRefused() throws Exception {
    replaceManifest(file("a", 0, "") + "," + file("A", 0, ""));
    refusedWith(MediaRefusal.MalformedManifest.class);
    replaceManifest(file("a", 0, "") + "," + file("a/b", 0, ""));
    refusedWith(MediaRefusal.MalformedManifest.class);
    replaceManifest(file("x".repeat(256), 0, ""));
    refusedWith(MediaRefusal.MalformedManifest.class);
  }

  @Test
  void chunksThatOverlapLeaveGapsOrLieAboutLengthAreRefused() throws Exception {
    String[] hostile = {
      file("a", 20, chunk(0, 10) + "," + chunk(5, 15)),
      file("a", 20, chunk(0, 10) + "," + chunk(11, 9)),
      file("a", 20, chunk(0, 10)),
      file("a", 5, chunk(0, 10)),
      file("a", -1, ""),
      file("a", Long.MAX_VALUE, ""),
      file("a", 0, chunk(0, 0)),
      file("a", 4294967297L, chunk(0, 4294967297L)),
      file("a", 10, chunk(-10, 10)),
      file("a", 10, chunk(0, 10)).replace("10", "1e1"),
      file("a", 10, chunk(0, 10)).replace("\"length\":10", "\"length\":99999999999999999999999"),
      file("a", 0, "").replace("\"length\":0", "\"length\":0,\"length\":0"),
    };
    for (String files : hostile) {
      replaceManifest(files);
      refusedWith(MediaRefusal.MalformedManifest.class);
    }
  }

  @Test
  void aDecompressionBombStopsAtTheStatedLength() throws Exception {
    byte[] bomb = com.github.luben.zstd.Zstd.compress(new byte[64 << 20], 1);
    Sha256 digest = editor.putBlob(bomb);
    String zstd = ",\"zstd\":{\"length\":%d,\"sha256\":\"%s\"}}".formatted(bomb.length, digest);
    String chunk = chunk(0, 1 << 20).replace("}", zstd);
    replaceManifest(file("a", 1 << 20, chunk));
    assertThat(refusedWith(MediaRefusal.BadCompression.class).expected()).isEqualTo(1 << 20);
  }

  @Test
  void aManifestThatIsNotStrictJsonIsRefused() throws Exception {
    String[] hostile = {
      "", "{", "[]", "{} {}", "[".repeat(10_000), "null", "\u0000", "{\"format\":2}"
    };
    for (String text : hostile) {
      editor.replaceManifest(DIGITS, text.getBytes(StandardCharsets.UTF_8));
      refused();
    }
    editor.replaceManifest(DIGITS, new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'});
    refusedWith(MediaRefusal.MalformedManifest.class);
  }

  @Test
  void aManifestUnderAnotherPackagesNameIsRefused() throws Exception {
    byte[] manifest = verify().packages().getFirst().manifestBytes();
    editor.replaceManifest(model("other", "2.0.0"), manifest);
    refusedWith(MediaRefusal.MalformedManifest.class);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(medium)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
