package io.cloister.appliance.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What a model is asked, in the forms that the servers take. */
public record Inputs(List<Input> list) {
  private static final int TEXTS = 16;
  private static final String TEXT =
      """
      {"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["%s"]}],\
      "parameters":{"binary_data_output":true}}""";

  public Inputs {
    list = List.copyOf(list);
  }

  /** One tensor; of the two arrays the empty one does not count. */
  @SuppressWarnings("ArrayRecordComponent") // Handed on as they are, never compared.
  public record Input(String name, long[] shape, float[] floats, long[] longs) {
    boolean isFloat() {
      return floats.length > 0;
    }

    String datatype() {
      return isFloat() ? "FP32" : "INT64";
    }

    String data() {
      return isFloat() ? Arrays.toString(floats) : Arrays.toString(longs);
    }

    byte[] bytes() {
      ByteBuffer bytes =
          ByteBuffer.allocate(Long.BYTES * Math.max(floats.length, longs.length))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (float value : floats) {
        bytes.putFloat(value);
      }
      for (long value : longs) {
        bytes.putLong(value);
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }

    public String head() {
      return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s"
          .formatted(name, datatype(), Arrays.toString(shape));
    }
  }

  /** Token ids as a sentence-embedding model takes them. */
  public static Inputs tokens(int count) {
    long[] shape = {1, count};
    long[] ids = LongStream.range(0, count).map(i -> 1000 + 37 * i % 20_000).toArray();
    long[] ones = LongStream.generate(() -> 1).limit(count).toArray();
    return new Inputs(
        List.of(
            new Input("input_ids", shape, new float[0], ids),
            new Input("attention_mask", shape, new float[0], ones),
            new Input("token_type_ids", shape, new float[0], new long[count])));
  }

  /** An image of 8 by 8. */
  public static Inputs pixels() {
    float[] pixels = new float[64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 17;
    }
    return new Inputs(List.of(new Input("pixels", new long[] {1, 64}, pixels, new long[0])));
  }

  /** Requests for one text each, of 3 to 96 words. */
  public static List<byte[]> texts() {
    return IntStream.rangeClosed(1, TEXTS)
        .mapToObj(i -> "small town ".repeat(1 + i * i * 3 / TEXTS) + "here")
        .map(TEXT::formatted)
        .map(json -> json.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /** So many questions in one. */
  public Inputs times(int rows) {
    return new Inputs(
        list.stream()
            .map(
                input -> {
                  long[] shape = input.shape().clone();
                  shape[0] = rows;
                  float[] floats = new float[input.floats().length * rows];
                  long[] longs = new long[input.longs().length * rows];
                  for (int i = 0; i < rows; i++) {
                    System.arraycopy(
                        input.floats(), 0, floats, i * input.floats().length, floats.length / rows);
                    System.arraycopy(
                        input.longs(), 0, longs, i * input.longs().length, longs.length / rows);
                  }
                  return new Input(input.name(), shape, floats, longs);
                })
            .toList());
  }

  /** The Open Inference Protocol's JSON. */
  public byte[] json() {
    return list.stream()
        .map(input -> input.head() + ",\"data\":" + input.data() + "}")
        .collect(Collectors.joining(",", "{\"inputs\":[", "]}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The head of a request in binary, that asks for a binary answer. */
  public byte[] binaryHead() {
    return list.stream()
        .map(
            input ->
                input.head()
                    + ",\"parameters\":{\"binary_data_size\":%d}}".formatted(input.bytes().length))
        .collect(
            Collectors.joining(
                ",", "{\"inputs\":[", "],\"parameters\":{\"binary_data_output\":true}}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** All tensors, one after the other. */
  public byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    list.forEach(input -> all.writeBytes(input.bytes()));
    return all.toByteArray();
  }
}
