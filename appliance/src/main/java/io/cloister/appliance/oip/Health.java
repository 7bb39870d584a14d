package io.cloister.appliance.oip;

import io.cloister.appliance.http.Answers;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.BooleanSupplier;

/** {@code /v2/health/…}, the only routes that need no token. */
public final class Health implements HttpService {
  private final BooleanSupplier ready;

  /** Ready means: every model of the deployment serves. */
  public Health(BooleanSupplier ready) {
    this.ready = ready;
  }

  @Override
  public void routing(HttpRules rules) {
    Answers.read(rules, "/live", (request, response) -> answer(response, "live", true));
    Answers.read(rules, "/ready", this::ready);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    answer(response, "ready", ready.getAsBoolean());
  }

  /** 200 is true and a 4xx is false (OIP v2, "Server Live", "Server Ready"). */
  private static void answer(ServerResponse response, String what, boolean yes) {
    response.status(yes ? Status.OK_200 : Status.BAD_REQUEST_400);
    Answers.json(response, json -> json.writeBooleanField(what, yes));
  }
}
