package io.cloister.installer.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;
import java.time.Duration;
import java.util.List;

/** For a program: one JSON object per line on the standard output, and nothing else anywhere. */
final class JsonPrinter implements Printer {
  private static final Duration quiet = Duration.ofSeconds(1);

  /** ASCII only: no encoding to guess, and nothing that a terminal obeys. */
  private static final ObjectMapper json =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Output out;
  private Duration saidAt = Duration.ZERO;
  private String saidDoing = "";

  JsonPrinter(Output out) {
    this.out = out;
  }

  @Override
  public synchronized void started(StepState step) {
    saidAt = Duration.ZERO;
    saidDoing = "";
    ObjectNode event = event("step").put("step", step.what()).put("state", "started");
    step.bytesTotal().ifPresent(total -> event.put("bytes_total", total));
    write(event);
  }

  @Override
  public synchronized void progressed(StepState step) {
    boolean other = !step.doing().equals(saidDoing);
    if (!other && step.elapsed().minus(saidAt).compareTo(quiet) < 0) {
      return;
    }
    saidAt = step.elapsed();
    saidDoing = step.doing();
    ObjectNode event = event("progress").put("step", step.what()).put("bytes", step.bytes());
    step.bytesTotal().ifPresent(total -> event.put("bytes_total", total));
    event.put("bytes_per_second", (long) step.bytesPerSecond());
    if (!step.doing().isEmpty()) {
      event.put("doing", step.doing());
    }
    write(event);
  }

  @Override
  public synchronized void ended(StepState step, boolean success) {
    write(
        event("step")
            .put("step", step.what())
            .put("state", success ? "done" : "failed")
            .put("bytes", step.bytes())
            .put("milliseconds", step.elapsed().toMillis()));
  }

  @Override
  public void say(String text) {}

  @Override
  public void result(ObjectNode data, String text) {
    ObjectNode event = event("result");
    event.set("result", data);
    write(event);
  }

  @Override
  public void problem(Problem problem) {
    ObjectNode event =
        event("problem")
            .put("code", problem.code())
            .put("exit", problem.exit().number())
            .put("summary", problem.summary());
    ArrayNode evidence = event.putArray("evidence");
    problem
        .evidence()
        .forEach(e -> evidence.addObject().put("label", e.label()).put("value", e.value()));
    write(
        event.put("why", problem.why()).put("state", problem.state()).put("next", problem.next()));
  }

  @Override
  public void problems(List<Problem> all) {
    all.forEach(this::problem);
  }

  @Override
  public void unshown(String words) {}

  @Override
  public void close() {}

  private static ObjectNode event(String kind) {
    return json.createObjectNode().put("event", kind);
  }

  private void write(ObjectNode event) {
    try {
      out.write(json.writeValueAsString(event) + "\n");
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a JSON tree could not be written", impossible);
    }
  }
}
