package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any change to any file of a medium is refused in words. As many as the property {@code mutations}
 * says; the seed of each is its number, so that one that gets through can be made again.
 */
final class MutatedMediumTest {
  private static final int MUTATIONS = Integer.getInteger("mutations", 1000);
  private static final int LANES = 2;

  @TempDir private Path folder;

  @Test
  void noneIsAcceptedAndNoneEndsInADefect() throws Exception {
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    List<Lane> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new Lane(folder.resolve("lane" + lane)));
    }
    IntStream.range(0, LANES)
        .parallel()
        .forEach(
            lane -> {
              for (int seed = lane; seed < MUTATIONS; seed += LANES) {
                faults.addAll(lanes.get(lane).findFault(seed));
              }
            });
    assertThat(faults).isEmpty();
  }

  /** A medium of its own, mended after each mutation. */
  private static final class Lane {
    private final Path medium;
    private final SigningRepository vendor;
    private final List<Path> files;

    Lane(Path folder) throws Exception {
      medium = folder.resolve("medium");
      vendor = SigningRepository.create(folder.resolve("vendor"));
      byte[] graph = new byte[5000];
      new Random(1).nextBytes(graph);
      byte[] text = "golden rows ".repeat(300).getBytes(StandardCharsets.UTF_8);
      vendor
          .add(model("digits", "1.0.0"), Map.of("model.onnx", graph, "golden.json", text))
          .publish(medium);
      try (Stream<Path> all = Files.walk(medium)) {
        files = all.filter(Files::isRegularFile).sorted().toList();
      }
    }

    List<String> findFault(int seed) {
      Random random = new Random(seed);
      Path file = files.get(seed % files.size());
      try {
        byte[] original = Files.readAllBytes(file);
        byte[] mutated = mutate(original, random);
        if (Arrays.equals(original, mutated)) {
          return List.of();
        }
        Files.write(file, mutated);
        try {
          return verify(seed, file);
        } finally {
          Files.write(file, original);
        }
      } catch (IOException e) {
        return List.of("seed " + seed + ": " + e);
      }
    }

    private List<String> verify(int seed, Path file) {
      try {
        MediumClient client = MediumClient.open(Medium.folder(medium), vendor.trustInMemory(), NOW);
        client.verifyAll(client.refresh(), Progress.SILENT);
        // A line of SHA256SUMS may be missing: it is for people, and is signed by other means.
        return file.endsWith(Sha256Sums.FILE)
            ? List.of()
            : List.of("seed " + seed + " accepted: " + file);
      } catch (RefusedException e) {
        return List.of();
      } catch (RuntimeException e) {
        return List.of("seed " + seed + " in " + file + ": " + e);
      }
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    int length = original.length;
    int at = random.nextInt(length);
    int end = Math.min(length, at + 1 + random.nextInt(16));
    byte[] head = Arrays.copyOf(original, at);
    byte[] tail = Arrays.copyOfRange(original, end, length);
    byte[] range = Arrays.copyOfRange(original, at, end);
    byte[] noise = new byte[end - at];
    random.nextBytes(noise);
    byte[] flipped = original.clone();
    flipped[at] ^= (byte) (1 << random.nextInt(8));
    byte[] digit = original.clone();
    digit[at] = (byte) "0123456789abcdef{}[]\",:-.e".charAt(random.nextInt(26));
    return switch (random.nextInt(8)) {
      case 0 -> join(head, tail);
      case 1 -> join(head, range, range, tail);
      case 2 -> join(head, noise, tail);
      case 3 -> join(head, noise, range, tail);
      case 4 -> head;
      case 5 -> join(original, noise);
      case 6 -> digit;
      default -> flipped;
    };
  }

  private static byte[] join(byte[]... parts) {
    byte[] whole = new byte[Stream.of(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
