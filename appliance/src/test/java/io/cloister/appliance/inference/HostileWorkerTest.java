package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Tunings;
import io.cloister.appliance.worker.Impostor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in a worker's place that say what no worker would. */
class HostileWorkerTest {
  @TempDir Path folder;

  private String refusal(String script) throws Exception {
    try (StoreFixture store = new StoreFixture(folder.resolve("store"));
        Database database = Database.open(folder.resolve("db"), Optional.empty());
        ModelServer server =
            new ModelServer(
                new Workers(store.folder(), Impostor.write(folder, script)),
                new Routing(database),
                new Records(
                    new AcceptanceRecords(database), new Tunings(database), StoreFixture.HOST),
                Settings.defaults().limits())) {
      Refused refused = (Refused) server.apply(store.deployment(divide(store)));
      return refused.reason();
    }
  }

  private static ModelVersion divide(StoreFixture store) throws IOException {
    String yaml = "limits: {load_seconds: 2}\n";
    return store.add("divide", "1.0.0", StoreFixture.resource("divide.onnx"), yaml, Rows.DIVIDE);
  }

  @Test
  void oneThatSendsNoiseIsKilled() throws Exception {
    assertThat(refusal("printf '%4096s' '' >&3; exec sleep 60"))
        .contains("it sent what is no answer: a frame of 538976288 bytes");
  }

  @Test
  void oneThatAnnouncesMoreThanItSendsIsKilled() throws Exception {
    assertThat(refusal("printf '\\020\\0\\0\\0\\003\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0abc' >&3"))
        .startsWith("it does not load: ");
  }

  @Test
  void oneThatNeverAnswersIsKilledWhenItsTimeIsUp() throws Exception {
    assertThat(refusal("exec sleep 60")).isEqualTo("it did not load within 2 s");
  }

  @Test
  void oneThatAnswersARequestNobodyMadeIsKilled() throws Exception {
    String header = "\\004\\0\\0\\0\\004\\0\\0\\0\\007\\0\\0\\0\\0\\0\\0\\0";
    assertThat(refusal("printf '" + header + "\\0\\0\\0\\0' >&3; exec sleep 60"))
        .contains("an answer to no request");
  }

  @Test
  void oneThatPrintsWithoutEndDoesNotHoldTheServerUp() throws Exception {
    assertThat(refusal("head -c 5000000 /dev/zero; echo; echo the end >&2; exit 9"))
        .contains("it ended with status 9: the end");
  }
}
