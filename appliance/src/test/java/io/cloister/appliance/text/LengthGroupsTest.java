package io.cloister.appliance.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LengthGroupsTest {
  @Test
  void textsOfOneLengthRunTogetherUpToTheMostThatMay() {
    assertThat(LengthGroups.of(new int[] {7, 7, 7, 7, 7}, 2))
        .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
  }

  @Test
  void aShortTextIsNotPaddedToALongOne() {
    assertThat(LengthGroups.of(new int[] {128, 3, 120, 17, 16}, 16))
        .containsExactly(List.of(0, 2), List.of(3), List.of(4), List.of(1));
  }

  @Test
  void eachTextIsInOneGroupTheLongestFirstAndAFifthIsPaddingAtMost() {
    int[] lengths = new Random(5).ints(500, 1, 300).toArray();
    List<List<Integer>> groups = LengthGroups.of(lengths, 16);
    assertThat(groups.stream().flatMap(List::stream).sorted()).hasSize(500).doesNotHaveDuplicates();
    for (List<Integer> group : groups) {
      int longest = lengths[group.getFirst()];
      int tokens = group.stream().mapToInt(index -> lengths[index]).sum();
      assertThat(group).allMatch(index -> lengths[index] <= longest).hasSizeLessThanOrEqualTo(16);
      assertThat(tokens).isGreaterThanOrEqualTo((int) (longest * group.size() * 0.8));
    }
  }
}
