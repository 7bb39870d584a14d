package io.cloister.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.inference.ApplyOutcome;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.Records;
import io.cloister.appliance.inference.Workers;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Tunings;
import io.cloister.appliance.worker.WorkerCommand;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsTest {
  @Test
  void anAttemptThatEndsInADefectIsOneThatWasRefused(@TempDir Path folder) throws Exception {
    FileSystem archive =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"));
    archive.close(); // Who asks it for a file is answered with no IOException.
    try (Database database = Database.open(folder.resolve("db"), Optional.empty());
        ModelServer models =
            new ModelServer(
                new Workers(folder, WorkerCommand.ofThisProcess()),
                new Routing(database),
                new Records(
                    new AcceptanceRecords(database),
                    new Tunings(database),
                    new Host("1", 1, "of the test")),
                Settings.defaults().limits())) {
      Operations operations = new Operations(models, archive.getPath("/deployment.json"));
      ApplyOutcome outcome = operations.apply();
      assertThat(((Refused) outcome).reason())
          .startsWith("a defect of the appliance")
          .contains("ClosedFileSystemException");
      assertThat(operations.state().outcome()).contains(outcome);
      assertThat(operations.ready()).isFalse();
    }
  }
}
