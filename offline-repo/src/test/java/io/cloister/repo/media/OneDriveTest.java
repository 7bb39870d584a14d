package io.cloister.repo.media;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.VolumePrompt.Question;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discs that take turns in one drive, as they come from the publisher. */
final class OneDriveTest {
  private static final int VOLUME_BYTES = 2 << 20;

  @TempDir Path folder;
  private SigningRepository vendor;
  private Path drive;
  private final List<Question> questions = new ArrayList<>();

  @BeforeEach
  void aVendorAndADrive() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.addLarge(model("digits", "1.0.0"));
    drive = Files.createDirectory(folder.resolve("drive"));
  }

  private Deque<Path> publish(boolean bundle) throws RefusedException {
    PublishOptions form = bundle ? PublishOptions.BUNDLE : PublishOptions.FOLDER;
    return new ArrayDeque<>(
        vendor.publish(folder.resolve("set"), form.withVolumes(VOLUME_BYTES)).paths());
  }

  /** What {@code mv} does; an unmount before it would fail while a file is open. */
  private void put(Path... volumes) {
    try {
      assertThat(openFiles()).noneMatch(file -> file.startsWith(drive));
      try (Stream<Path> old = Files.list(drive)) {
        for (Path each : old.toList()) {
          Files.move(each, folder.resolve("read-" + each.getFileName()));
        }
      }
      for (Path each : volumes) {
        Files.move(each, drive.resolve(String.valueOf(each.getFileName())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> openFiles() throws IOException {
    List<Path> open = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : files.toList()) {
        if (Files.isSymbolicLink(each) && Files.exists(each)) {
          open.add(Files.readSymbolicLink(each));
        }
      }
    }
    return open;
  }

  private void verify(Function<Question, Path> answer) throws RefusedException {
    VolumePrompt person =
        question -> {
          questions.add(question);
          return Optional.of(answer.apply(question));
        };
    try (Medium medium = Medium.open(List.of(drive), person)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      client.verifyAll(client.refresh(), Progress.SILENT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void enterAloneReadsTheNextDiscAndTheLastOneIsNotHeldOpen(boolean bundle) throws Exception {
    Deque<Path> volumes = publish(bundle);
    put(volumes.remove());
    verify(
        question -> {
          put(volumes.remove());
          return question.last();
        });
    assertThat(volumes).isEmpty();
    assertThat(questions).hasSizeGreaterThan(1).allMatch(each -> each.last().equals(drive));
    assertThat(questions).allMatch(each -> each.fault().isEmpty() && !each.again());
  }

  @Test
  void whatLiesBesideAVolumeThatWasAskedForIsReadWithoutAsking() throws Exception {
    Deque<Path> volumes = publish(true);
    put(volumes.remove());
    verify(
        question -> {
          put(volumes.toArray(Path[]::new));
          return drive;
        });
    assertThat(questions).hasSize(1);
  }

  @Test
  void anAnswerWhoseNoteIsBrokenIsLetGoAndAskedForAgain() throws Exception {
    Deque<Path> volumes = publish(true);
    put(volumes.remove());
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path broken = broken(volumes.getFirst());
    Process writer =
        new ProcessBuilder("sh", "-c", "cat \"$0\" >\"$1\"", broken.toString(), pipe.toString())
            .start();
    verify(
        question -> {
          if (questions.size() == 1) {
            return pipe;
          }
          put(volumes.remove());
          return drive;
        });
    assertThat(questions.get(1).fault()).containsInstanceOf(MalformedManifest.class);
    assertThat(openFiles()).doesNotContain(pipe);
    assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private Path broken(Path volume) throws IOException {
    List<RawTar.Part> parts = new ArrayList<>(RawTar.parts(Files.readAllBytes(volume)));
    parts.replaceAll(
        part -> part.name().equals(VolumeNote.FILE) ? RawTar.text(part.name(), "{}") : part);
    return Files.write(folder.resolve("broken.tar"), RawTar.bytes(parts));
  }
}
