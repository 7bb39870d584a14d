package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker may take, on a machine that can bound it: control groups with every controller, and
 * a TPM for the data's key. The machine is emulated, so this takes a quarter of an hour and more,
 * and runs only where it is asked for by its name.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class H05Limits {
  private static final Path MODELS =
      Path.of("../appliance/src/test/resources/models").toAbsolutePath().normalize();
  private static final String UNIT = "cloister@0.1.0.service";

  /** Of an emulated machine; the product's own are left as they are. */
  private static final String PATIENT = "[Service]\nTimeoutStartSec=1h\nWatchdogSec=30min\n";

  @TempDir static Path folder;
  private static TestHost host;
  private static String groups;
  private static String token;

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    assumeThat(System.getProperty("it.test", ""))
        .as("an emulated machine takes long: scripts/journeys H05Limits")
        .contains("H05Limits");
    Path medium =
        Vendor.open(folder.resolve("vendor"))
            .addRuntime()
            .addModel(digits(), "digits", "1.1.0")
            .addModel(model("greedy", "allocate.onnx", GREEDY), "greedy", "1.0.0")
            .addModel(model("spin", "loop.onnx", SPIN), "spin", "1.0.0")
            .publish("medium");
    host = TestHost.upEmulated("limits");
    host.media(medium);
    String drop = "/run/systemd/system/" + UNIT + ".d";
    host.types("mkdir", "-p", drop).ended(0);
    host.types("sh", "-c", "printf '" + PATIENT + "' >" + drop + "/patient.conf").ended(0);
    // An install that fails takes the service's log away.
    host.types("sh", "-c", "tail -F /var/log/cloister/appliance.log >/root/log 2>&1 &").ended(0);
    Command install = host.install(medium);
    if (install.status() != 0) {
      System.out.println(host.types("tail", "-c", "30000", "/root/log").output());
    }
    install.ended(0);
    token = host.token();
    String main = host.types("systemctl", "show", "--value", "-p", "MainPID", UNIT).output();
    String group = host.types("cat", "/proc/" + main.strip() + "/cgroup").ended(0).output();
    groups = "/sys/fs/cgroup" + group.strip().substring(3).replaceFirst("/server$", "");
  }

  @AfterAll
  static void destroy() throws IOException {
    if (host != null) {
      host.close();
    }
  }

  private static final String GREEDY =
      "{\"rows\":[{\"inputs\":[{\"name\":\"shape\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[8]}],"
          + "\"outputs\":[{\"name\":\"count\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[8]}]}]}";
  private static final String SPIN =
      "{\"rows\":[{\"inputs\":[{\"name\":\"trips\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[5]},"
          + "{\"name\":\"start\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[1]}],"
          + "\"outputs\":[{\"name\":\"count\",\"datatype\":\"INT64\",\"shape\":[],\"data\":[6]}]}]}";

  private static Path model(String name, String graph, String golden) throws IOException {
    Path model = Files.createDirectories(folder.resolve(name));
    Files.copy(MODELS.resolve(graph), model.resolve("model.onnx"));
    Files.writeString(
        model.resolve("model.yaml"),
        """
        format: 1
        graph: model.onnx
        limits: {load_seconds: 900, request_seconds: 120, memory_mib: 768, cpus: 1}
        """);
    Files.writeString(model.resolve("golden.json"), golden);
    return model;
  }

  private static Path digits() throws IOException {
    JsonNode row =
        new ObjectMapper().readTree(MODELS.resolve("digits_golden.json").toFile()).path("cases");
    String golden =
        "{\"rows\":[{\"inputs\":[%s],\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[%s]}]}]}"
            .formatted(pixels(row.path(0)), row.path(0).path("y"));
    return model("digits", "digits-1.1.0.onnx", golden);
  }

  private static String pixels(JsonNode row) {
    return "{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":"
        + row.path("x")
        + "}";
  }

  private static String read(String file) throws IOException, InterruptedException {
    return host.types("cat", groups + "/" + file).ended(0).output().strip();
  }

  /** A figure of a file with a name and a figure in each line. */
  private static long read(String file, String name) throws IOException, InterruptedException {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static String worker(String model) throws IOException, InterruptedException {
    Command told = host.types("cloister", "status", "--json");
    for (int i = 0; i < 20 && told.status() != 0; i++) {
      // An emulated machine that has much to do may answer too late.
      Thread.sleep(3000);
      told = host.types("cloister", "status", "--json");
    }
    JsonNode status = new ObjectMapper().readTree(told.ended(0).output());
    for (JsonNode each : status.path("result").path("service").path("models")) {
      if (each.path("name").asText().equals(model)) {
        return each.path("pid").asText();
      }
    }
    throw new AssertionError(status.toString());
  }

  /** The worker's group, below the service's. */
  private static String group(String model) throws IOException, InterruptedException {
    String line = host.types("cat", "/proc/" + worker(model) + "/cgroup").ended(0).output().strip();
    return line.substring(line.lastIndexOf('/') + 1);
  }

  /** The status of an answer, and how long it took in seconds, as curl on the host sees them. */
  private static String ask(String model, String inputs) throws IOException, InterruptedException {
    return host.types(
            "curl",
            "-ks",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-H",
            "Authorization: Bearer " + token,
            "-d",
            "{\"inputs\":[" + inputs + "]}",
            "https://127.0.0.1:8443/v2/models/" + model + "/infer")
        .output();
  }

  private static String askDigits() throws IOException, InterruptedException {
    JsonNode cases =
        new ObjectMapper().readTree(MODELS.resolve("digits_golden.json").toFile()).path("cases");
    return ask("digits", pixels(cases.path(0)));
  }

  private static String int64(String name, String shape, String value) {
    return "{\"name\":\"%s\",\"datatype\":\"INT64\",\"shape\":%s,\"data\":[%s]}"
        .formatted(name, shape, value);
  }

  @Test
  @Order(1)
  void eachWorkerIsBoundedInAGroupOfItsOwn() throws IOException, InterruptedException {
    assertThat(group("digits")).isNotEqualTo(group("greedy")).startsWith("worker-");
    for (String model : new String[] {"digits", "greedy", "spin"}) {
      String group = group(model);
      assertThat(read(group + "/memory.max")).isEqualTo(Long.toString(768L << 20));
      assertThat(read(group + "/memory.oom.group")).isEqualTo("1");
      assertThat(read(group + "/pids.max")).isEqualTo("512");
      assertThat(read(group + "/cpu.max")).isEqualTo("100000 100000");
    }
    assertThat(read("server/cpu.weight")).isEqualTo("1000");
    assertThat(askDigits()).isEqualTo("200");
  }

  /**
   * The process's own bound comes first; root takes it away here, to see the next one hold: with
   * what a machine of 4 GiB does not refuse at once.
   */
  @Test
  @Order(2)
  void aModelThatAsksForEightGibibytesDiesAlone() throws IOException, InterruptedException {
    String eight = int64("shape", "[1]", Long.toString(2L << 30));
    String before = worker("greedy");
    String digits = worker("digits");
    assertThat(ask("greedy", eight)).isEqualTo("500");
    assertThat(worker("greedy")).as("refused by its own bound").isEqualTo(before);
    assertThat(read("memory.events", "oom_kill")).isZero();
    host.types("prlimit", "--pid", before, "--data=unlimited:unlimited").ended(0);
    assertThat(ask("greedy", int64("shape", "[1]", Long.toString(384L << 20)))).startsWith("5");
    assertThat(read("memory.events", "oom_kill")).isPositive();
    assertThat(read("server/memory.events", "oom_kill")).isZero();
    assertThat(worker("digits")).isEqualTo(digits);
    assertThat(askDigits()).isEqualTo("200");
    assertThat(host.types("journalctl", "-b", "-k", "-g", "oom-kill").output())
        .contains("CONSTRAINT_MEMCG", "/worker-");
    String after = before;
    for (int i = 0; i < 100 && (after.equals(before) || after.equals("null")); i++) {
      Thread.sleep(3000);
      after = worker("greedy");
    }
    assertThat(after).as("started again").isNotEqualTo(before).isNotEqualTo("null");
  }

  @Test
  @Order(3)
  void aModelThatSpinsHasItsOwnTimeOnlyAndTheServiceAnswers()
      throws IOException, InterruptedException {
    String group = group("spin");
    String endless = int64("trips", "[]", "9000000000000000000") + "," + int64("start", "[]", "1");
    host.types(
            "systemd-run",
            "--unit=spin",
            "curl",
            "-ks",
            "-H",
            "Authorization: Bearer " + token,
            "-d",
            "{\"inputs\":[" + endless + "]}",
            "https://127.0.0.1:8443/v2/models/spin/infer")
        .ended(0);
    Thread.sleep(5000);
    long used = read(group + "/cpu.stat", "usage_usec");
    long start = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThat(askDigits()).isEqualTo("200");
    }
    long more = read(group + "/cpu.stat", "usage_usec") - used;
    long passed = (System.nanoTime() - start) / 1000;
    assertThat(more).as("of %s µs", passed).isPositive().isLessThan(passed * 11 / 10);
  }

  @Test
  @Order(4)
  void theKeyOfTheDataIsSealedWithTheTpm() throws IOException, InterruptedException {
    String decrypt = "systemd-creds decrypt --name=data-key $1 - 2>/dev/null | wc -c";
    String sealed = "/var/lib/cloister/secrets/data-key.cred";
    assertThat(host.types("systemd-creds", "has-tpm2").ended(0).output()).startsWith("yes");
    assertThat(host.types("sh", "-c", decrypt, "sh", sealed).output()).isEqualTo("64\n");
    assertThat(
            host.types(
                    "systemd-run",
                    "--quiet",
                    "--pipe",
                    "--wait",
                    "-p",
                    "PrivateDevices=yes",
                    "systemd-creds",
                    "decrypt",
                    "--name=data-key",
                    sealed,
                    "-")
                .status())
        .as("without the TPM's device, but with the host's key")
        .isNotZero();
  }
}
