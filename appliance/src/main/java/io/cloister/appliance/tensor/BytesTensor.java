package io.cloister.appliance.tensor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tensor of byte strings (datatype BYTES); text is UTF-8.
 *
 * @param values in row-major order; the arrays are shared, not copied, and must not be changed
 */
public record BytesTensor(String name, Shape shape, List<byte[]> values) implements Tensor {

  /** Refuses with {@link IllegalArgumentException} values that do not fill the shape exactly. */
  public BytesTensor {
    values = List.copyOf(values);
    if (values.size() != shape.elements()) {
      throw new IllegalArgumentException(
          "tensor %s: shape %s takes %d elements, not %d"
              .formatted(name, shape, shape.elements(), values.size()));
    }
  }

  /** Half of a surrogate pair is no text: it would silently become a question mark. */
  public static Optional<byte[]> utf8(String text) {
    boolean whole =
        text.chars().noneMatch(c -> Character.isSurrogate((char) c))
            || StandardCharsets.UTF_8.newEncoder().canEncode(text);
    return whole ? Optional.of(text.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
  }

  /** A tensor of one dimension, each text in UTF-8. */
  public static BytesTensor ofTexts(String name, String... texts) {
    List<byte[]> values =
        Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    return new BytesTensor(name, Shape.of(texts.length), values);
  }

  @Override
  public Datatype datatype() {
    return Datatype.BYTES;
  }
}
