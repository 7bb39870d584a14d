package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.http.AnswerBytes;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.oip.InferBody.WantedOutput;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to an inference request (OIP v2, "Inference Response JSON Object"), with the tensors
 * that were wanted so behind the JSON (KServe, "Binary Tensor Data Extension").
 */
final class InferAnswer {
  static final HeaderName JSON_LENGTH = HeaderNames.create("Inference-Header-Content-Length");

  private static final Header BINARY =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/octet-stream");

  private final InferBody asked;
  private final InferenceResult result;
  private final HeapShare heap;
  private final List<Tensor> behind = new ArrayList<>();

  /**
   * @param heap where its content is counted; the tensors are already
   */
  InferAnswer(InferBody asked, InferenceResult result, HeapShare heap) {
    this.heap = heap;
    this.asked = asked;
    this.result = result;
  }

  void send(ServerRequest request, ServerResponse response) {
    AnswerBytes content = new AnswerBytes(heap);
    JsonText.object(content, this::write);
    if (behind.isEmpty()) {
      Answers.content(request, response, Answers.JSON, content);
      return;
    }
    Header jsonLength = HeaderValues.create(JSON_LENGTH, content.length());
    behind.forEach(tensor -> RawData.add(tensor, content));
    Answers.content(request, response, BINARY, content, jsonLength);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStringField("model_name", result.modelName());
    json.writeStringField("model_version", result.modelVersion());
    if (asked.id().isPresent()) {
      json.writeStringField("id", asked.id().get());
    }
    json.writeArrayFieldStart("outputs");
    for (Tensor output : result.outputs()) {
      write(json, output);
    }
    json.writeEndArray();
  }

  private void write(JsonGenerator json, Tensor output) throws IOException {
    WantedOutput wanted = asked.wanted(output.name());
    Tensor tensor =
        wanted.classes() == 0 ? output : Classification.highest(output, wanted.classes(), heap);
    if (asked.binary(wanted)) {
      behind.add(tensor);
      TensorWriter.writeBinary(json, tensor, RawData.bytes(tensor));
    } else {
      TensorWriter.write(json, tensor);
    }
  }
}
