package io.cloister.appliance.admin;

import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.inference.ModelServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /api}: what the page reads. Models are tried through the same routes programs use. */
public final class ConsoleRoutes implements HttpService {
  private final Overview overview;

  public ConsoleRoutes(ModelServer models, Operations operations, StatusReport status) {
    this.overview = new Overview(models, operations, status);
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/overview", this::overview);
  }

  private void overview(ServerRequest request, ServerResponse response) {
    String account = Gate.accountName(request);
    Answers.json(response, json -> overview.write(json, account));
  }
}
