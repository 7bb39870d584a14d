package io.cloister.appliance.tensor;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The extent of a tensor in each dimension. A shape can always be multiplied out: the product of
 * its dimensions, a zero counted as one, is at most {@link #ELEMENTS_MAX}.
 */
public record Shape(List<Long> dims) {
  public static final int DIMS_MAX = 16;
  public static final long ELEMENTS_MAX = Integer.MAX_VALUE;

  /** Refuses with {@link IllegalArgumentException} what cannot be a tensor's shape. */
  public Shape {
    dims = List.copyOf(dims);
    if (dims.size() > DIMS_MAX) {
      throw new IllegalArgumentException(
          "a tensor has at most " + DIMS_MAX + " dimensions, not " + dims.size());
    }
    long product = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("a dimension is at least 0, not " + dim);
      }
      // Both factors stay within 31 bits, so that the product cannot overflow a long.
      product *= Math.max(1, Math.min(dim, ELEMENTS_MAX + 1));
      if (product > ELEMENTS_MAX) {
        throw new IllegalArgumentException(
            "a tensor has at most " + ELEMENTS_MAX + " elements; shape " + text(dims));
      }
    }
  }

  public static Shape of(long... dims) {
    return new Shape(LongStream.of(dims).boxed().toList());
  }

  /** The number of elements; 1 for a scalar. */
  public int elements() {
    long product = 1;
    for (long dim : dims) {
      product *= dim;
    }
    return Math.toIntExact(product);
  }

  public int rank() {
    return dims.size();
  }

  public long[] toArray() {
    return dims.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String toString() {
    return text(dims);
  }

  private static String text(List<Long> dims) {
    return dims.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
