package io.cloister.appliance.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which texts run together: padding costs as much as tokens do, so only texts of about one length
 * share a batch.
 */
public final class LengthGroups {
  /** Lengths in one group are in the same step of so many tokens. */
  private static final int STEP = 16;

  /** Share of a batch that may be padding. */
  private static final double PADDING_MAX = 0.2;

  private LengthGroups() {}

  /**
   * The indices of all texts, in groups.
   *
   * @param lengths tokens of each text
   * @param sizeMax texts in one group
   */
  public static List<List<Integer>> of(int[] lengths, int sizeMax) {
    List<List<Integer>> groups = new ArrayList<>();
    List<Integer> group = new ArrayList<>();
    long tokens = 0;
    for (int index : longestFirst(lengths)) {
      boolean fits =
          !group.isEmpty()
              && group.size() < sizeMax
              && step(lengths[index]) == step(lengths[group.getFirst()])
              && padding(lengths[group.getFirst()], group.size() + 1, tokens + lengths[index])
                  <= PADDING_MAX;
      if (!fits) {
        group = new ArrayList<>();
        groups.add(group);
        tokens = 0;
      }
      group.add(index);
      tokens += lengths[index];
    }
    return groups;
  }

  private static int[] longestFirst(int[] lengths) {
    return IntStream.range(0, lengths.length)
        .boxed()
        .sorted(Comparator.comparingInt(index -> -lengths[index]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int step(int length) {
    return (length - 1) / STEP;
  }

  private static double padding(int longest, int size, long tokens) {
    return 1 - tokens / ((double) longest * size);
  }
}
