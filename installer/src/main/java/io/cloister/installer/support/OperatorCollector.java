package io.cloister.installer.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.host.OperatorSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** An answer of the running appliance, by its allow-list. */
record OperatorCollector(String entry, String request, Allowed allowed, Path socket)
    implements Collector {
  private static final Duration patience = Duration.ofSeconds(5);

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    if (!Files.exists(socket)) {
      throw new NotCollectedException("the appliance does not run: it has no operator socket");
    }
    return Collected.json(allowed.copy(ask(), redactions));
  }

  private JsonNode ask() throws IOException {
    try {
      return new OperatorSocket(socket).ask(request, patience);
    } catch (JsonProcessingException malformed) {
      throw malformed;
    } catch (IOException unanswered) {
      NotCollectedException silent =
          new NotCollectedException("the appliance does not answer on its operator socket");
      silent.initCause(unanswered);
      throw silent;
    }
  }
}
