package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.config.Fields;
import io.cloister.appliance.config.SettingsRefused.Fault;
import io.cloister.appliance.model.ModelConfig.Limits;
import io.cloister.appliance.model.ModelConfig.Session;
import io.cloister.appliance.model.ModelConfig.Sharing;
import io.cloister.appliance.model.ModelConfig.TextPipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file model.yaml, checked as a whole: docs/format/model-package.md. */
public final class ModelConfigFile {
  private static final Pattern FILE_NAME =
      Pattern.compile("[A-Za-z0-9_+@-][A-Za-z0-9._+@-]{0,254}");
  private static final int TOKENS_MAX = 8192;
  private static final Set<String> ROWS =
      Stream.of(Batching.values())
          .map(Batching::text)
          .collect(Collectors.toCollection(TreeSet::new));

  private ModelConfigFile() {}

  /** Throws {@link ModelRefused} with every fault at once. */
  public static ModelConfig parse(byte[] yaml) throws ModelRefused {
    List<Fault> faults = new ArrayList<>();
    ModelConfig config = config(tree(yaml), faults);
    if (!faults.isEmpty()) {
      throw new ModelRefused("model.yaml cannot be used: " + faults);
    }
    return config;
  }

  private static JsonNode tree(byte[] yaml) throws ModelRefused {
    try {
      return Documents.parseYaml(yaml);
    } catch (IOException e) {
      throw new ModelRefused("model.yaml is not YAML: " + e.getMessage(), e);
    }
  }

  private static ModelConfig config(JsonNode tree, List<Fault> faults) {
    Fields top =
        Fields.of(
            "",
            tree,
            Set.of("format", "description", "graph", "text", "batching", "session", "limits"),
            faults);
    if (!top.has("format")) {
      faults.add(new Fault("format", "is missing"));
    }
    top.whole("format", 1, 1, 1);
    Fields batching = batching(top);
    Batching rows = rows(batching);
    return new ModelConfig(
        top.text("description", ""),
        fileName(top, "graph"),
        top.has("text") ? Optional.of(text(top)) : Optional.empty(),
        rows,
        sharing(batching, rows),
        session(top),
        limits(top));
  }

  private static TextPipeline text(Fields top) {
    Fields fields =
        top.child("text", Set.of("task", "tokenizer", "max_tokens", "pooling", "normalize"));
    fields.only("task", Set.of("embedding"));
    fields.only("pooling", Set.of("mean"));
    return new TextPipeline(
        fileName(fields, "tokenizer"),
        (int) fields.whole("max_tokens", 128, 2, TOKENS_MAX),
        fields.flag("normalize", true));
  }

  private static Fields batching(Fields top) {
    return top.child("batching", Set.of("rows", "across_callers", "max_rows"));
  }

  private static Batching rows(Fields fields) {
    if (!fields.has("rows")) {
      return Batching.INDEPENDENT;
    }
    fields.only("rows", ROWS);
    return Batching.find(fields.text("rows", "")).orElse(Batching.INDEPENDENT);
  }

  private static Sharing sharing(Fields fields, Batching rows) {
    if (fields.has("across_callers") && rows != Batching.DEPENDENT) {
      fields.faults().add(new Fault(fields.at("across_callers"), "only where rows: dependent"));
    }
    Sharing usual = Sharing.DEFAULT;
    return new Sharing(
        fields.flag("across_callers", usual.acrossCallers()),
        (int) fields.whole("max_rows", usual.rowsMax(), 1, RunSettings.ROWS_MAX));
  }

  private static Session session(Fields top) {
    Fields fields = top.child("session", Set.of("intra_op_threads", "disabled_optimizers"));
    List<String> disabled = new ArrayList<>();
    for (JsonNode node : fields.object().path("disabled_optimizers")) {
      if (!RunSettings.isOptimizer(node.asText())) {
        fields.faults().add(new Fault(fields.at("disabled_optimizers"), "is no name: " + node));
      }
      disabled.add(node.asText());
    }
    if (disabled.size() > RunSettings.OPTIMIZERS_MAX) {
      String most = "has more than " + RunSettings.OPTIMIZERS_MAX + " names";
      fields.faults().add(new Fault(fields.at("disabled_optimizers"), most));
    }
    int threads = (int) fields.whole("intra_op_threads", 1, 1, RunSettings.THREADS_MAX);
    return new Session(threads, disabled, false);
  }

  private static Limits limits(Fields top) {
    Fields fields =
        top.child(
            "limits", Set.of("load_seconds", "request_seconds", "heap_mib", "memory_mib", "cpus"));
    int cpus = (int) fields.whole("cpus", 0, 1, 1024);
    return new Limits(
        Duration.ofSeconds(fields.whole("load_seconds", 60, 1, 3600)),
        Duration.ofSeconds(fields.whole("request_seconds", 10, 1, 3600)),
        (int) fields.whole("heap_mib", 128, 32, 65_536),
        (int) fields.whole("memory_mib", 2048, 256, 1 << 20),
        cpus == 0 ? OptionalInt.empty() : OptionalInt.of(cpus));
  }

  private static String fileName(Fields fields, String name) {
    String value = fields.text(name);
    if (!value.isEmpty() && !FILE_NAME.matcher(value).matches()) {
      fields.faults().add(new Fault(fields.at(name), "is not a file of the package: " + value));
    }
    return value;
  }
}
