package io.cloister.appliance;

import io.cloister.appliance.soak.Caller;
import io.cloister.appliance.soak.Sample;
import io.cloister.appliance.soak.Visitors;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A built release under callers good and bad, for a number of minutes. The good ones must be
 * answered all the time, nothing may be a defect, and from the second quarter of the time to the
 * last one the server may not grow. Run by {@code scripts/soak}.
 */
public final class Soak {
  /** So many that a crowd, there half of the time, is missing in one of each quarter. */
  private static final int SAMPLES = 48;

  /** What may be noise, between the least of each quarter: a crowd may be there or not. */
  private static final Sample GROWTH_MAX = new Sample(5 << 10, 32 << 10, 40, 20);

  private final InstalledRoot root;
  private final Path release;
  private final Path log;
  private final int port;
  private final String token;

  private Soak(Path release, Path scratch) throws Exception {
    this.release = release;
    this.log = scratch.resolve("appliance.log");
    this.root = new InstalledRoot(scratch.resolve("root"));
    this.port = BenchRoot.freePort();
    Files.writeString(
        root.folders().settings(),
        """
        listeners:
          inference: {address: 127.0.0.1, port: %d}
          console: {address: 127.0.0.1, port: 0}
        limits: {request_bytes: 1048576, request_seconds: 20}
        """
            .formatted(port));
    root.add("digits", "1.0.0", "digits-1.0.0.onnx", ModelRows.digits());
    root.add("spare", "1.0.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.add("divide", "1.0.0", "divide.onnx", ModelRows.DIVIDE);
    root.addMiniLm("text");
    root.deploy();
    this.token = root.setUp();
  }

  /** RELEASE SCRATCH MINUTES; ends with 1 where something was wrong. */
  public static void main(String[] args) throws Exception {
    Duration time = Duration.ofMinutes(Long.parseLong(args[2]));
    List<String> faults = new Soak(Path.of(args[0]), Path.of(args[1])).run(time);
    faults.forEach(fault -> System.out.println("fault: " + fault));
    System.out.println(faults.isEmpty() ? "nothing grew, nothing was wrong" : "not well");
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  private List<String> run(Duration time) throws Exception {
    Process server =
        new ProcessBuilder(
                release.resolve("bin/cloister-appliance").toString(),
                "serve",
                "--root",
                root.folders().root().toString(),
                "--release",
                root.folders().release())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      awaitReady(server);
      return soak(server, time);
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private void awaitReady(Process server) throws IOException, InterruptedException {
    while (!Files.readString(log).contains("\"event\":\"first_apply\"")) {
      if (server.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("the appliance did not start:\n" + Files.readString(log));
      }
    }
  }

  private List<String> soak(Process server, Duration time) throws Exception {
    SSLContext tls = trusting();
    Path certificate = root.folders().tls().resolve("cert.pem");
    URI inference = URI.create("https://localhost:" + port);
    List<Sample> samples = new ArrayList<>();
    Visitors visitors = new Visitors(() -> new Caller(inference, token, tls, certificate));
    try {
      visitors.come(digits());
      System.out.printf(
          "%8s %10s %13s %6s %8s%n", "minutes", "heap KiB", "resident KiB", "files", "threads");
      for (int i = 1; i <= SAMPLES; i++) {
        Thread.sleep(time.dividedBy(SAMPLES));
        Sample now = Sample.of(server.pid());
        samples.add(now);
        System.out.printf(
            "%8.1f %10d %13d %6d %8d%n",
            time.toSeconds() * i / 60.0 / SAMPLES,
            now.heapKib(),
            now.residentKib(),
            now.files(),
            now.threads());
      }
    } finally {
      visitors.end();
    }
    System.out.println("visits: " + visitors.visits());
    List<String> faults = new ArrayList<>(visitors.faults());
    faults.addAll(growth(samples));
    try (Stream<String> lines = Files.lines(log)) {
      lines.filter(line -> line.contains("ended in a defect")).forEach(faults::add);
    }
    return faults;
  }

  private static List<String> growth(List<Sample> samples) {
    Sample before = Sample.least(samples.subList(SAMPLES / 4, SAMPLES / 2));
    Sample after = Sample.least(samples.subList(SAMPLES * 3 / 4, SAMPLES));
    List<String> faults = new ArrayList<>();
    grew(faults, "heap KiB", before.heapKib(), after.heapKib(), GROWTH_MAX.heapKib());
    grew(
        faults,
        "resident KiB",
        before.residentKib(),
        after.residentKib(),
        GROWTH_MAX.residentKib());
    grew(faults, "files", before.files(), after.files(), GROWTH_MAX.files());
    grew(faults, "threads", before.threads(), after.threads(), GROWTH_MAX.threads());
    return faults;
  }

  private static void grew(List<String> faults, String what, long before, long after, long max) {
    if (after - before > max) {
      faults.add("%s grew from %d to %d, by more than %d".formatted(what, before, after, max));
    }
  }

  private static String digits() {
    return """
        {"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,64],"data":[%s0]}]}"""
        .formatted("1,".repeat(63));
  }

  private SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    Path file = root.folders().tls().resolve("cert.pem");
    try (InputStream in = new FileInputStream(file.toFile())) {
      store.setCertificateEntry(
          "appliance", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
