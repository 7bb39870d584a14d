package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings are measured and taken back over the operator's own socket. */
class TuneSocketTest {
  private static final String TUNE = "{\"do\":\"tune\",\"model\":\"digits\",\"seconds\":3600}";
  private static final String UNTUNE = "{\"do\":\"untune\",\"model\":\"digits\"}";

  private InstalledRoot root;
  private RunningAppliance appliance;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    root = new InstalledRoot(folder);
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.deploy();
    appliance = new RunningAppliance(root).settled();
  }

  @AfterEach
  void stop() throws Exception {
    appliance.close();
  }

  private static long workers() {
    return ProcessHandle.current().children().count();
  }

  @Test
  void whoHangsUpEndsTheTrialItsWorkersAreGoneAndNothingIsChanged() throws Exception {
    long before = workers();
    String status = appliance.operator("{\"do\":\"status\"}");
    assertThat(status).contains("\"tuned_at\":null,\"gain\":null,\"unused\":null");
    try (SocketChannel operator = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      operator.connect(UnixDomainSocketAddress.of(root.folders().operatorSocket()));
      operator.write(ByteBuffer.wrap((TUNE + "\n").getBytes(StandardCharsets.UTF_8)));
      var lines = new BufferedReader(Channels.newReader(operator, StandardCharsets.UTF_8));
      assertThat(lines.readLine()).startsWith("{\"progress\":\"the present settings: ");
      assertThat(lines.readLine()).startsWith("{\"progress\":\"candidate 1 of ");
      assertThat(appliance.operator(TUNE))
          .contains("\"refused\":\"busy\"", "another trial is running");
      assertThat(appliance.operator(UNTUNE)).contains("\"refused\":\"busy\"");
    }
    while (workers() > before || appliance.operator(UNTUNE).contains("\"busy\"")) {
      Thread.sleep(10);
    }
    assertThat(appliance.operator(UNTUNE)).contains("\"changed\":false");
    assertThat(appliance.operator("{\"do\":\"status\"}"))
        .contains("\"tuned_at\":null,\"gain\":null,\"unused\":null", "\"restarts\":0");
  }

  @Test
  void aModelThatIsNotThereOrIsUnloadedAndATimeThatIsNoneAreRefused() throws Exception {
    assertThat(appliance.operator("{\"do\":\"tune\",\"model\":\"digit\"}"))
        .contains("\"refused\":\"unknown_model\"", "no model digit is routed");
    assertThat(appliance.operator(TUNE.replace("3600", "3601"))).contains("seconds is 30 to 3600");
    var unloaded = appliance.post(appliance.inference("/v2/repository/models/digits/unload"), "{}");
    assertThat(unloaded.statusCode()).as(unloaded.body()).isEqualTo(200);
    assertThat(appliance.operator(TUNE)).contains("\"refused\":\"not_serving\"", "unloaded");
  }
}
