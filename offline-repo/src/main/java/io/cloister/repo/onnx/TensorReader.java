package io.cloister.repo.onnx;

import io.cloister.repo.onnx.OnnxModel.PackageFiles;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A constant of a graph ({@code TensorProto}), whose data may lie in another file. */
final class TensorReader {
  private static final int TEXT_BYTES_MAX = 4096;
  private static final int EXTERNAL = 1;

  private final ProtoReader proto;
  private final PackageFiles files;
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private long location;

  TensorReader(ProtoReader proto, PackageFiles files) {
    this.proto = proto;
    this.files = files;
  }

  /** Answers its name. */
  String read(int type) throws OnnxRefused, IOException {
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 8 -> name = proto.text(of, TEXT_BYTES_MAX);
            case 13 -> readEntry(of);
            case 14 -> location = proto.number(of);
            default -> proto.skip(of);
          }
        });
    if (location == EXTERNAL || !external.isEmpty()) {
      checkExternal();
    }
    return name;
  }

  private void readEntry(int type) throws OnnxRefused, IOException {
    String[] entry = {"", ""};
    proto.message(
        type,
        (field, of) -> {
          if (field == 1 || field == 2) {
            entry[field - 1] = proto.text(of, TEXT_BYTES_MAX);
          } else {
            proto.skip(of);
          }
        });
    external.put(entry[0], entry[1]);
  }

  private void checkExternal() throws OnnxRefused {
    String file = external.getOrDefault("location", "");
    OptionalLong length = isInside(file) ? files.length(file) : OptionalLong.empty();
    if (length.isEmpty()) {
      throw new OnnxRefused(
          "its tensor '%s' lies in '%s', which is no file of its package"
              .formatted(Printable.of(name), Printable.of(file)));
    }
    long offset = number("offset");
    long bytes = number("length");
    if (offset > length.getAsLong() || bytes > length.getAsLong() - offset) {
      throw new OnnxRefused(
          "its tensor '%s' is bytes %d to %d of '%s', which has %d"
              .formatted(
                  Printable.of(name),
                  offset,
                  offset + bytes,
                  Printable.of(file),
                  length.getAsLong()));
    }
  }

  private static boolean isInside(String file) {
    return !file.isEmpty()
        && file.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
        && List.of(file.split("/", -1)).stream()
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  /** 0 where it is not stated. */
  private long number(String key) throws OnnxRefused {
    String text = external.getOrDefault(key, "0");
    if (!text.matches("[0-9]{1,18}")) {
      throw new OnnxRefused(
          "its tensor '%s' has the %s '%s'".formatted(Printable.of(name), key, Printable.of(text)));
    }
    return Long.parseLong(text);
  }
}
