package io.cloister.appliance.oip;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * An output as classes: the highest values of each row as texts {@code value:index} (Triton,
 * "Classification Extension").
 */
public final class Classification {
  /** Of one row. */
  public static final int CLASSES_MAX = 1000;

  private Classification() {}

  /**
   * The highest values of each row.
   *
   * @param output of one row, or of as many as its first dimension says
   * @param most classes of a row; fewer where it has fewer values
   * @param heap where the texts are counted
   */
  public static Tensor highest(Tensor output, int most, HeapShare heap) {
    if (!(output instanceof PackedTensor packed) || packed.datatype() == Datatype.BOOL) {
      throw new HttpException(
          "output '%s' is of %s: only numbers have classes"
              .formatted(output.name(), output.datatype()),
          Status.BAD_REQUEST_400,
          true);
    }
    Shape shape = output.shape();
    boolean single = shape.rank() < 2;
    int rows = single ? 1 : Math.toIntExact(shape.dims().getFirst());
    int columns = rows == 0 ? 0 : shape.elements() / rows;
    int count = Math.min(most, columns);
    if (count == 0) {
      // However many rows the shape says: there is nothing in them.
      return new BytesTensor(output.name(), emptied(shape), List.of());
    }
    List<byte[]> classes = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      addRow(packed, row * columns, columns, count, classes);
      heap.take(added(classes, count));
    }
    return new BytesTensor(
        output.name(), single ? Shape.of(count) : Shape.of(rows, count), classes);
  }

  /** The worst of those that are kept lies on top: a long row takes no more memory than a short. */
  private static void addRow(
      PackedTensor tensor, int start, int columns, int count, List<byte[]> classes) {
    Comparator<Integer> byRank = Comparator.comparingDouble(i -> rank(tensor.doubleAt(start + i)));
    PriorityQueue<Integer> kept =
        new PriorityQueue<>(byRank.thenComparing(Comparator.reverseOrder()));
    for (int i = 0; i < columns; i++) {
      if (kept.size() < count) {
        kept.add(i);
      } else if (byRank.compare(i, kept.element()) > 0) {
        kept.remove();
        kept.add(i);
      }
    }
    int from = classes.size();
    while (!kept.isEmpty()) {
      int i = kept.remove();
      String text = String.format(Locale.ROOT, "%f:%d", tensor.doubleAt(start + i), i);
      classes.add(text.getBytes(StandardCharsets.UTF_8));
    }
    Collections.reverse(classes.subList(from, classes.size()));
  }

  private static Shape emptied(Shape shape) {
    return shape.rank() < 2 ? Shape.of(0) : Shape.of(shape.dims().getFirst(), 0);
  }

  private static long added(List<byte[]> classes, int count) {
    return classes.subList(classes.size() - count, classes.size()).stream()
        .mapToLong(text -> text.length + Tensor.ARRAY_BYTES)
        .sum();
  }

  /** What is no number comes last. */
  private static double rank(double value) {
    return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
  }
}
