package io.cloister.appliance.oip;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

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
   */
  public static Tensor highest(Tensor output, int most) {
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
    List<byte[]> classes = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      addRow(packed, row * columns, columns, count, classes);
    }
    return new BytesTensor(
        output.name(), single ? Shape.of(count) : Shape.of(rows, count), classes);
  }

  private static void addRow(
      PackedTensor tensor, int start, int columns, int count, List<byte[]> classes) {
    IntStream.range(0, columns)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -rank(tensor.doubleAt(start + i))))
        .limit(count)
        .map(i -> String.format(Locale.ROOT, "%f:%d", tensor.doubleAt(start + i), i))
        .forEach(text -> classes.add(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What is no number comes last. */
  private static double rank(double value) {
    return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
  }
}
