package io.cloister.appliance.inference;

import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Golden rows that one request asks together, stacked along the first dimension.
 *
 * @param rows their indices, from 0
 * @param sizes the first dimension of each
 */
record Batch(List<Integer> rows, List<Long> sizes, List<Tensor> inputs) {
  static final int SIZE_MAX = 32;
  private static final long BYTES_MAX = 16 << 20;

  /** What rows must have in common: of each input the name, datatype and trailing dimensions. */
  private record Form(List<String> inputs) {
    static Form of(GoldenRow row) {
      return new Form(
          row.inputs().stream()
              .map(t -> t.name() + " " + t.datatype() + " " + FirstDimension.rest(t))
              .sorted()
              .toList());
    }
  }

  Batch {
    rows = List.copyOf(rows);
    sizes = List.copyOf(sizes);
    inputs = List.copyOf(inputs);
  }

  /** Indices of rows that can be stacked with each other, in lists of two and more. */
  static List<List<Integer>> groups(
      Signature signature, List<GoldenRow> rows, List<Integer> candidates) {
    Map<Form, List<Integer>> groups = new LinkedHashMap<>();
    for (int index : candidates) {
      if (findSize(signature, rows.get(index)).isPresent()) {
        groups.computeIfAbsent(Form.of(rows.get(index)), _ -> new ArrayList<>()).add(index);
      }
    }
    return groups.values().stream().filter(group -> group.size() > 1).toList();
  }

  /** The size that all tensors of the row have in their first dimension, where that is free. */
  private static Optional<Long> findSize(Signature signature, GoldenRow row) {
    List<Tensor> tensors = new ArrayList<>(row.inputs());
    tensors.addAll(row.outputs());
    long size = tensors.isEmpty() ? 0 : FirstDimension.size(tensors.getFirst());
    boolean fits =
        size > 0
            && size < SIZE_MAX
            && tensors.stream().allMatch(tensor -> FirstDimension.size(tensor) == size)
            && row.inputs().stream().allMatch(t -> free(signature.findInput(t.name())))
            && row.outputs().stream().allMatch(t -> free(signature.findOutput(t.name())));
    return fits ? Optional.of(size) : Optional.empty();
  }

  private static boolean free(Optional<TensorSpec> spec) {
    return spec.filter(s -> !s.dims().isEmpty() && s.dims().getFirst() == TensorSpec.FREE)
        .isPresent();
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
    List<Tensor> inputs = new ArrayList<>();
    for (Tensor input : rows.get(members.getFirst()).inputs()) {
      inputs.add(
          FirstDimension.stack(
              members.stream()
                  .map(i -> GoldenRow.find(rows.get(i).inputs(), input.name()).orElseThrow())
                  .toList()));
    }
    List<Long> sizes =
        members.stream().map(i -> FirstDimension.size(rows.get(i).inputs().getFirst())).toList();
    batches.add(new Batch(members, sizes, inputs));
  }

  long size() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /** The answer of each row, in the order of {@link #rows}; every output has {@link #size}. */
  List<List<Tensor>> split(List<Tensor> outputs) {
    List<List<Tensor>> answers = new ArrayList<>();
    long from = 0;
    for (long size : sizes) {
      long start = from;
      answers.add(outputs.stream().map(o -> FirstDimension.slice(o, start, size)).toList());
      from += size;
    }
    return answers;
  }
}
