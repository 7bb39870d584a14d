package io.cloister.appliance.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Puts tensors together and takes them apart along their first dimension. */
public final class FirstDimension {
  private FirstDimension() {}

  /** Its size; -1 of a scalar. */
  public static long size(Tensor tensor) {
    return tensor.shape().rank() == 0 ? -1 : tensor.shape().dims().getFirst();
  }

  /** All dimensions but the first. */
  public static List<Long> rest(Tensor tensor) {
    return tensor.shape().dims().subList(1, tensor.shape().rank());
  }

  /**
   * Whether it is of that size and can be stacked. What holds nothing is not: its other dimensions
   * may be as large as a shape allows, with no data to bound them.
   */
  public static boolean stacks(Tensor tensor, long size) {
    return size(tensor) == size && tensor.shape().elements() > 0;
  }

  /**
   * One tensor that holds all of them, one after the other.
   *
   * @param parts at least one; of one name and datatype, and of one shape but for the first
   *     dimension
   */
  public static Tensor stack(List<Tensor> parts) {
    Tensor first = parts.getFirst();
    List<Long> dims = new ArrayList<>(first.shape().dims());
    dims.set(0, parts.stream().mapToLong(FirstDimension::size).sum());
    Shape shape = new Shape(dims);
    return switch (first) {
      case BytesTensor _ -> {
        List<byte[]> values = new ArrayList<>();
        parts.forEach(part -> values.addAll(((BytesTensor) part).values()));
        yield new BytesTensor(first.name(), shape, values);
      }
      case PackedTensor _ -> {
        int bytes = Math.multiplyExact(shape.elements(), first.datatype().elementBytes());
        ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        parts.forEach(part -> data.put(((PackedTensor) part).data()));
        yield new PackedTensor(first.name(), first.datatype(), shape, data.flip());
      }
    };
  }

  /** A part of it, of that size from that index on. */
  public static Tensor slice(Tensor whole, long from, long size) {
    List<Long> dims = new ArrayList<>(whole.shape().dims());
    dims.set(0, size);
    Shape shape = new Shape(dims);
    int each = new Shape(rest(whole)).elements();
    int start = Math.toIntExact(from * each);
    return switch (whole) {
      case BytesTensor texts ->
          new BytesTensor(
              whole.name(), shape, texts.values().subList(start, start + shape.elements()));
      case PackedTensor packed -> {
        int bytes = packed.datatype().elementBytes();
        ByteBuffer data = packed.data().slice(start * bytes, shape.elements() * bytes);
        yield new PackedTensor(whole.name(), whole.datatype(), shape, data);
      }
    };
  }
}
