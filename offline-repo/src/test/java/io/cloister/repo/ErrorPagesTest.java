package io.cloister.repo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every refusal of this module has a section in the reference, with the text it prints. */
final class ErrorPagesTest {
  private static final String MEDIUM = "/media/usb0";
  private static final String STATE =
      "nothing on this machine was changed; release 1.4.0 keeps serving";
  private static final RefusedCommand COMMAND =
      new RefusedCommand(MEDIUM, "cloister verify " + MEDIUM, STATE);
  private static final RefusedCommand VENDOR =
      new RefusedCommand(MEDIUM, "cloister-repo add repo model --kind model", STATE);
  private static final String A =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final String B =
      "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final Where BLOB =
      new Where(
          "blobs/sha256/9f/" + A,
          "model-digits-1.0.0: model.onnx, 4194304 bytes from byte 4194304");

  private static List<Refusal> trustExamples() {
    return List.of(
        new TrustRefusal.NoTrustedRoot(),
        new TrustRefusal.RootFileUnreadable("/home/operator/root.json", "no such file"),
        new TrustRefusal.WrongRootDigest("metadata/1.root.json", A, B),
        new TrustRefusal.BelowThreshold(
            "targets",
            "metadata/3.targets.json",
            "root version 1",
            2,
            1,
            List.of("9f86d081884c7d65…: the signature does not match")),
        new TrustRefusal.NotPostQuantum(
            "timestamp",
            "metadata/timestamp.json",
            "root version 1",
            List.of("ed25519"),
            List.of("9f86d081884c7d65…: the signature does not match")),
        new TrustRefusal.Rollback(
            "timestamp", "metadata/timestamp.json", 42, Optional.of(MARCH), 41),
        new TrustRefusal.WrongVersion("root", "metadata/3.root.json", 3, 4),
        new TrustRefusal.MixedMetadata("metadata/3.targets.json", "snapshot.json", "sha256", A, B),
        new TrustRefusal.Expired(
            "timestamp",
            "metadata/timestamp.json",
            Optional.of(Instant.parse("2025-03-01T00:00:00Z")),
            MARCH,
            Instant.parse("2026-11-22T00:00:00Z"),
            true,
            Duration.ofDays(30)),
        new TrustRefusal.WrongType("metadata/3.snapshot.json", "snapshot", "targets"),
        new TrustRefusal.UnsupportedSpec("metadata/timestamp.json", "1.x", "2.0.0"),
        new TrustRefusal.MalformedMetadata("metadata/timestamp.json", "meta is missing"),
        new TrustRefusal.RootChainTooLong("metadata/258.root.json", 256),
        new TrustRefusal.TooManyDelegations("bin-3ff", "1024 delegations"),
        new TrustRefusal.StoreDamaged("/var/lib/cloister/trust", "state.json: empty"),
        new TrustRefusal.StoreNotWritten("/var/lib/cloister/trust", "No space left on device"));
  }

  private static List<Refusal> mediaExamples() {
    return List.of(
        new MediaRefusal.NoMedium(MEDIUM, "no such folder"),
        new MediaRefusal.NotAMedium("/media/usb0/backup"),
        new MediaRefusal.NotABundle("/home/operator/medium.tar.gz", "no header of a ustar archive"),
        new MediaRefusal.NotPermitted(Where.of("metadata/timestamp.json"), "operator"),
        new MediaRefusal.MissingFile(BLOB),
        new MediaRefusal.NotAPlainFile(Where.of("metadata/timestamp.json"), "a symbolic link"),
        new MediaRefusal.Unreadable(BLOB, 131_072, "Input/output error"),
        new MediaRefusal.WrongLength(BLOB, 4_194_304, 1_048_576),
        new MediaRefusal.TooLong(Where.of("metadata/timestamp.json"), 16_384),
        new MediaRefusal.WrongBytes(BLOB, 4_194_304, A, B),
        new MediaRefusal.BadCompression(BLOB, 4_194_304, "Destination buffer is too small"),
        new MediaRefusal.MalformedManifest(
            "targets/" + A + ".model-digits-1.0.0.json", "not a plain relative file name: ../x"),
        new MediaRefusal.BadBundle(
            "standard input", "blobs/sha256/9f/" + A, 1_048_576, "a symbolic link"),
        new MediaRefusal.VolumeMissing(A, List.of(1, 3), List.of(2), 3),
        new MediaRefusal.VolumeOfAnotherSet("/media/usb1", A, B),
        new MediaRefusal.BaseAbsent(
            List.of("model-digits-1.0.0", "runtime-linux-x64-0.1.0"), 40, 143_000_000),
        new MediaRefusal.InstalledFileChanged(
            "/var/lib/cloister/store/models/digits/1.0.0", "model.onnx", 0, A, B));
  }

  private static List<Refusal> vendorExamples() {
    return List.of(
        new VendorRefusal.BadArgument("cloister-repo add", "Missing required parameter: 'REPO'"),
        new VendorRefusal.WouldOverwrite("keys/root.pem", "a file"),
        new VendorRefusal.BadKeyFile(
            "keys/root.pem", "others may read it; run: chmod 600 keys/root.pem"),
        new VendorRefusal.BadToken(
            "pkcs11:token=Vendor;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so",
            "0 tokens match; there are [Vendor 2]"),
        new VendorRefusal.UnknownKey("keys/other.pem", A, B),
        new VendorRefusal.UnknownKeyId("9f86", 0, A + ", " + B),
        new VendorRefusal.UnknownRole("models", "[root, targets, models/vision, snapshot]"),
        new VendorRefusal.ThresholdUnreachable("root", 3, 2),
        new VendorRefusal.BadRoleFile("root.json", "version 4 does not follow version 2"),
        new VendorRefusal.OtherContent(
            "root.json", "root", "version 2, sha256 " + A, "version 2, sha256 " + B),
        new VendorRefusal.BadRepository("repo", "not everything that was added is signed"),
        new VendorRefusal.RepositoryBusy("repo"),
        new VendorRefusal.BadPackage("model", "model/link", "a link or special file"),
        new VendorRefusal.FileFault("repo", "No space left on device"));
  }

  private static List<Refusal> examples() {
    return Stream.of(trustExamples(), mediaExamples(), vendorExamples())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void theReferenceShowsExactlyWhatIsPrinted() throws IOException {
    Path page = Golden.docs().resolve("reference/errors.md");
    String text = Files.readString(page);
    List<String> missing = new ArrayList<>();
    for (Refusal refusal : examples()) {
      Problem problem =
          RefusalWords.problem(refusal, refusal instanceof VendorRefusal ? VENDOR : COMMAND);
      if (Golden.isUpdating()) {
        text = updated(text, problem);
      }
      if (!section(text, problem.code()).contains("\n```\n" + problem.text() + "```\n")) {
        missing.add(problem.text());
      }
    }
    if (Golden.isUpdating()) {
      Files.writeString(page, text);
    }
    assertThat(missing).as("texts that %s does not show", page).isEmpty();
  }

  /** From its heading to the next, or nothing. */
  private static String section(String page, String code) {
    int start = page.indexOf("## " + code + "\n");
    if (start < 0) {
      return "";
    }
    int end = page.indexOf("\n#", start);
    return end < 0 ? page.substring(start) : page.substring(start, end + 1);
  }

  /** Changes the example only; the prose, with cause and remedy, is a person's. */
  private static String updated(String page, Problem problem) {
    String section = section(page, problem.code());
    int start = section.indexOf("\n```\n") + "\n```\n".length();
    int end = section.indexOf("\n```\n", start) + 1;
    return start < "\n```\n".length() || end < 1
        ? page
        : page.replace(
            section, section.substring(0, start) + problem.text() + section.substring(end));
  }

  @Test
  void everyRefusalHasAnExample() {
    List<Class<?>> all =
        Stream.of(TrustRefusal.class, MediaRefusal.class, VendorRefusal.class)
            .flatMap(type -> Stream.<Class<?>>of(type.getPermittedSubclasses()))
            .toList();
    assertThat(examples().stream().<Class<?>>map(Refusal::getClass).toList())
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aCommandToRepeatIsReadBackByAShellAsItWasGiven() {
    assertThat(RefusedCommand.shell(List.of("verify", "/media/my stick", "it's", "", "sha256:9f")))
        .isEqualTo("verify '/media/my stick' 'it'\\''s' '' sha256:9f");
  }
}
