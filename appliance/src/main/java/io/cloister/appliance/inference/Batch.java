package io.cloister.appliance.inference;

import io.cloister.appliance.inference.Form.Part;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Golden rows that one request asks together, stacked along the first dimension.
 *
 * @param rows their indices, from 0
 */
record Batch(List<Integer> rows, Stack stack) {
  static final int SIZE_MAX = 32;
  private static final long BYTES_MAX = 16 << 20;

  Batch {
    rows = List.copyOf(rows);
  }

  /** Indices of rows that can be stacked with each other, in lists of two and more. */
  static List<List<Integer>> groups(
      Signature signature, List<GoldenRow> rows, List<Integer> candidates) {
    Map<Set<Part>, List<Integer>> groups = new LinkedHashMap<>();
    for (int index : candidates) {
      if (findSize(signature, rows.get(index)).isPresent()) {
        groups.computeIfAbsent(form(rows.get(index)), _ -> new ArrayList<>()).add(index);
      }
    }
    return groups.values().stream().filter(group -> group.size() > 1).toList();
  }

  /** What rows have in common that can be stacked: all but the first dimension. */
  private static Set<Part> form(GoldenRow row) {
    return row.inputs().stream()
        .map(t -> new Part(t.name(), t.datatype(), FirstDimension.rest(t)))
        .collect(Collectors.toSet());
  }

  /** The size that all tensors of the row have in their first dimension, where that is free. */
  private static Optional<Long> findSize(Signature signature, GoldenRow row) {
    List<Tensor> tensors = new ArrayList<>(row.inputs());
    tensors.addAll(row.outputs());
    long size = tensors.isEmpty() ? 0 : FirstDimension.size(tensors.getFirst());
    boolean fits =
        size > 0
            && size < SIZE_MAX
            && tensors.stream().allMatch(tensor -> FirstDimension.stacks(tensor, size))
            && row.inputs().stream().allMatch(t -> Sharing.free(signature.findInput(t.name())))
            && row.outputs().stream().allMatch(t -> Sharing.free(signature.findOutput(t.name())));
    return fits ? Optional.of(size) : Optional.empty();
  }

  /**
   * Cuts a group into batches; a row that is left over is asked with none.
   *
   * @param sizeMax rows in one batch, each counted by its first dimension
   */
  static List<Batch> of(List<GoldenRow> rows, List<Integer> group, long sizeMax) {
    List<Batch> batches = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    long size = 0;
    long bytes = 0;
    for (int index : group) {
      List<Tensor> inputs = rows.get(index).inputs();
      long own = FirstDimension.size(inputs.getFirst());
      long ownBytes = inputs.stream().mapToLong(Tensor::heapBytes).sum();
      if (size + own > sizeMax || bytes + ownBytes > BYTES_MAX) {
        add(batches, rows, members);
        members.clear();
        size = 0;
        bytes = 0;
      }
      members.add(index);
      size += own;
      bytes += ownBytes;
    }
    add(batches, rows, members);
    return batches;
  }

  private static void add(List<Batch> batches, List<GoldenRow> rows, List<Integer> members) {
    if (members.size() < 2) {
      return;
    }
    batches.add(
        new Batch(members, Stack.of(members.stream().map(i -> rows.get(i).inputs()).toList())));
  }
}
