package io.cloister.repo.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any change to any file of a medium, in each of its forms, is refused in words. As many as the
 * property {@code mutations} says; the seed of each is its number, so that one that gets through
 * can be made again.
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

  /** Media of its own, mended after each mutation. */
  private static final class Lane {
    private final List<MutationSubject> subjects;

    Lane(Path folder) throws Exception {
      subjects = MutationSubject.all(folder);
      for (MutationSubject each : subjects) {
        each.verify();
      }
    }

    List<String> findFault(int seed) {
      MutationSubject subject = subjects.get(seed % subjects.size());
      List<Path> files = subject.files();
      Path file = files.get(seed / subjects.size() % files.size());
      try {
        byte[] original = Files.readAllBytes(file);
        byte[] mutated = mutate(original, new Random(seed));
        if (Arrays.equals(original, mutated)) {
          return List.of();
        }
        Files.write(file, mutated);
        try {
          subject.verify();
          return subject.isHarmless(file, original, mutated)
              ? List.of()
              : List.of("seed " + seed + " accepted: " + file);
        } catch (RefusedException e) {
          return List.of();
        } finally {
          Files.write(file, original);
        }
      } catch (IOException | RuntimeException e) {
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
