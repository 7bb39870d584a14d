package io.cloister.appliance.oip.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The .proto that callers are given says the same as the description by which the tests call: one
 * line for each method and field, e.g. {@code ModelInferRequest.inputs = 5 repeated
 * InferInputTensor}.
 */
class DescriptionTest {
  private static final Path PROTO = Path.of("../docs/reference/inference.proto");
  private static final Pattern WORDS =
      Pattern.compile(
          "message (?<message>\\w+) \\{|oneof (?<oneof>\\w+) \\{"
              + "|rpc (?<rpc>\\w+)\\((?<asked>[\\w ]+)\\) returns \\((?<told>[\\w ]+)\\);"
              + "|(?<label>repeated )?(?<type>map<\\w+, \\w+>|\\w+) (?<field>\\w+)"
              + " = (?<number>\\d+);|(?<end>\\})|service (?<service>\\w+) \\{");

  private static Set<String> ofProto() throws Exception {
    String text = Files.readString(PROTO).replaceAll("//.*", "");
    Set<String> lines = new TreeSet<>();
    List<String> open = new ArrayList<>();
    Matcher next = WORDS.matcher(text.substring(text.indexOf("service")));
    while (next.find()) {
      if (next.group("message") != null) {
        open.add(next.group("message"));
        lines.add("message " + String.join(".", open));
      } else if (next.group("service") != null || next.group("oneof") != null) {
        open.add("");
      } else if (next.group("end") != null) {
        open.removeLast();
      } else if (next.group("rpc") != null) {
        lines.add(
            "rpc %s (%s) %s".formatted(next.group("rpc"), next.group("asked"), next.group("told")));
      } else {
        String message = String.join(".", open.stream().filter(name -> !name.isEmpty()).toList());
        String label = next.group("label") == null ? "" : "repeated ";
        String type = next.group("type").replaceAll("map<(\\w+), (\\w+)>", "map $1 $2");
        lines.add(
            "%s.%s = %s %s%s"
                .formatted(message, next.group("field"), next.group("number"), label, type));
      }
    }
    return lines;
  }

  private static Set<String> ofDescription() throws Exception {
    try (var bytes = DescriptionTest.class.getResourceAsStream("/grpc/inference.desc")) {
      FileDescriptor file =
          FileDescriptor.buildFrom(
              FileDescriptorSet.parseFrom(bytes).getFile(0), new FileDescriptor[0]);
      Set<String> lines = new TreeSet<>();
      file.getMessageTypes().forEach(message -> add(message, lines));
      file.getServices()
          .forEach(service -> service.getMethods().forEach(method -> lines.add(line(method))));
      return lines;
    }
  }

  private static void add(Descriptor message, Set<String> lines) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    String name = message.getFullName().substring("inference.".length());
    lines.add("message " + name);
    for (FieldDescriptor field : message.getFields()) {
      lines.add("%s.%s = %d %s".formatted(name, field.getName(), field.getNumber(), kind(field)));
    }
    message.getNestedTypes().forEach(nested -> add(nested, lines));
  }

  private static String kind(FieldDescriptor field) {
    if (field.isMapField()) {
      List<FieldDescriptor> entry = field.getMessageType().getFields();
      return "map %s %s".formatted(type(entry.get(0)), type(entry.get(1)));
    }
    return (field.isRepeated() ? "repeated " : "") + type(field);
  }

  private static String type(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.MESSAGE
        ? field.getMessageType().getName()
        : field.getType().name().toLowerCase(Locale.ROOT);
  }

  private static String line(MethodDescriptor method) {
    return "rpc %s (%s%s) %s%s"
        .formatted(
            method.getName(),
            method.isClientStreaming() ? "stream " : "",
            method.getInputType().getName(),
            method.isServerStreaming() ? "stream " : "",
            method.getOutputType().getName());
  }

  @Test
  void theProtoAndTheDescriptionSayTheSame() throws Exception {
    assertThat(ofProto())
        .hasSizeGreaterThan(100)
        .containsExactlyInAnyOrderElementsOf(ofDescription());
  }
}
