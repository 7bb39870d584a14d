package io.cloister.installer.testing;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An appliance that serves no model but behaves like one on the operator's socket: it reads its
 * deployment and the models' folders, refuses a model whose {@code model.yaml} says {@code refuse},
 * keeps the old generation then, answers {@code status} and {@code apply}, and notes what it is to
 * {@code reload}. A release that holds a file {@code never-ready} is started and does not become
 * ready. Its data is one file, {@code data}.
 */
public final class FakeAppliance {
  private static final Pattern FOLDER =
      Pattern.compile("\"folder\" ?: ?\"models/([^/]+)/([^\"]+)\"");

  private final Path root;
  private final String release;
  private final boolean mayBeReady;
  private String deployment = "";
  private String failed = "";

  private FakeAppliance(Path root, String release, boolean mayBeReady) {
    this.root = root;
    this.release = release;
    this.mayBeReady = mayBeReady;
  }

  /** Arguments: the release folder, {@code serve --root DIR --release VERSION}. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[3]);
    String release = arguments[5];
    boolean mayBeReady = !Files.exists(Path.of(arguments[0], "never-ready"));
    var appliance = new FakeAppliance(root, release, mayBeReady);
    appliance.failed = appliance.load().orElse("");
    appliance.serve(root.resolve("run/cloister/" + release + ".sock"));
  }

  private void serve(Path socket) throws IOException {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      System.out.println("{\"level\":\"info\",\"message\":\"listening\"}");
      while (true) {
        try (SocketChannel channel = server.accept()) {
          ByteBuffer line = ByteBuffer.allocate(1024);
          channel.read(line);
          String request = new String(line.array(), 0, line.position(), StandardCharsets.UTF_8);
          String answer = answer(request);
          channel.write(StandardCharsets.UTF_8.encode(answer + "\n"));
        }
      }
    }
  }

  private String answer(String request) throws IOException {
    Matcher successor = Pattern.compile("\"to\" ?: ?\"([^\"]+)\"").matcher(request);
    if (successor.find()) {
      Path data = root.resolve("var/lib/cloister/appliance/db");
      Files.createDirectories(data.resolve(successor.group(1)));
      Path own = data.resolve(release).resolve("data");
      Files.writeString(
          data.resolve(successor.group(1)).resolve("handed-over.sql"),
          Files.exists(own) ? Files.readString(own) : "");
      Files.writeString(data.resolve(successor.group(1)).resolve("from"), release);
      return "{\"handed_over\":true}";
    }
    Matcher anew = Pattern.compile("\"model\" ?: ?\"([^\"]+)\"").matcher(request);
    if (anew.find()) {
      Path notes = root.resolve("var/lib/cloister/appliance/reloaded");
      Files.writeString(notes, anew.group(1) + "\n", CREATE, APPEND);
      return "{\"applied\":true,\"generation\":%s}".formatted(generation());
    }
    return request.contains("apply") ? apply() : status();
  }

  /** What was handed over becomes this release's own, unless it is {@code poison}. */
  private static void takeOver(Path data) throws IOException {
    Path handed = data.resolve("handed-over.sql");
    if (Files.exists(handed)) {
      if (Files.readString(handed).contains("poison")) {
        throw new IOException("error: the data cannot be read");
      }
      Files.move(handed, data.resolve("data"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Takes the deployment over; empty when that went well, else the refused model as JSON fields.
   */
  private Optional<String> load() throws IOException {
    takeOver(root.resolve("var/lib/cloister/appliance/db").resolve(release));
    String offered =
        Files.readString(root.resolve("var/lib/cloister/store/deployments/" + release + ".json"));
    Matcher models = FOLDER.matcher(offered);
    while (models.find()) {
      Path model =
          root.resolve("var/lib/cloister/store/models")
              .resolve(models.group(1))
              .resolve(models.group(2));
      if (!Files.exists(model.resolve("manifest.json"))
          || Files.readString(model.resolve("model.yaml")).contains("refuse")) {
        return Optional.of(
            "\"model\":\"%s\",\"version\":\"%s\",\"reason\":\"golden row 0 differs\""
                .formatted(models.group(1), models.group(2)));
      }
    }
    deployment = offered;
    return Optional.empty();
  }

  private String apply() throws IOException {
    Optional<String> refused = load();
    return refused.isEmpty()
        ? "{\"applied\":true,\"generation\":%s}".formatted(generation())
        : "{\"applied\":false,\"generation\":%s,\"error\":{%s}}"
            .formatted(generation(), refused.get());
  }

  private String status() {
    List<String> models = new ArrayList<>();
    Matcher matcher = FOLDER.matcher(deployment);
    while (matcher.find()) {
      models.add(
          "{\"name\":\"%s\",\"version\":\"%s\",\"state\":\"ready\",\"reason\":null,\"active\":true}"
              .formatted(matcher.group(1), matcher.group(2)));
    }
    if (!failed.isEmpty()) {
      models.add("{" + failed.replace("\"model\"", "\"name\"") + ",\"state\":\"failed\"}");
    }
    return ("{\"ready\":%s,\"release\":\"?\",\"generation\":%s,\"models\":[%s],"
            + "\"listeners\":{},\"certificate_sha256\":\"AA:BB\"}")
        .formatted(mayBeReady && failed.isEmpty(), generation(), String.join(",", models));
  }

  private String generation() {
    Matcher matcher = Pattern.compile("\"generation\" ?: ?(\\d+)").matcher(deployment);
    return matcher.find() ? matcher.group(1) : "0";
  }
}
