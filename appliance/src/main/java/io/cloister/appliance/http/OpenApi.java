package io.cloister.appliance.http;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The description of the inference listener for programs (OpenAPI 3.1.0). */
public final class OpenApi implements Handler {
  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    try (InputStream document = OpenApi.class.getResourceAsStream("openapi.json")) {
      Answers.json(response, Objects.requireNonNull(document).readAllBytes());
    }
  }
}
