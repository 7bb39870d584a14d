package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.TokenFileExists;
import io.cloister.installer.InstallRefusal.TokenRefused;
import io.cloister.installer.InstallRefusal.TokenRefused.Against;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Table;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister token}: who may call the models, and who may do more. */
@Command(
    name = "token",
    description = "The API tokens: one for each application and each administrator.",
    synopsisSubcommandLabel = "COMMAND")
public final class TokenCommand {
  private static final String ADMIN = "ADMIN";

  /** As the appliance has it: what it would refuse is not written into the audit trail. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  @ParentCommand private @Nullable Cloister cloister;

  /** {@code cloister token create}. */
  @Command(
      name = "create",
      description = {
        "Makes a token and prints it, this once: it is not kept in readable form.",
        "It may ask models and read their state and metrics. Written into the audit trail."
      })
  int create(
      @Parameters(
              paramLabel = "NAME",
              description = {
                "What it is called in lists and logs, e.g. of its application:",
                "1 to 40 of a-z, 0-9 and -."
              })
          String name,
      @Option(
              names = "--admin",
              description = "It may do everything: load models, open the console.")
          boolean admin,
      @Option(
              names = "--token-file",
              paramLabel = "FILE",
              description = "Write it there, readable by its owner only, and do not print it.")
          @Nullable Path file) {
    Optional<Path> place = Optional.ofNullable(file).map(Path::toAbsolutePath);
    return Media.parent(cloister)
        .perform("", session -> create(session, name, admin ? ADMIN : "USER", place));
  }

  /** {@code cloister token list}. */
  @Command(name = "list", description = "Shows each token's name, what it may do, and its use.")
  int list() {
    return Media.parent(cloister).perform("", TokenCommand::list);
  }

  /** {@code cloister token revoke}. */
  @Command(
      name = "revoke",
      description = {
        "Ends a token and the console sessions of it, at once.",
        "On this machine it is never valid again. Written into the audit trail."
      })
  int revoke(@Parameters(paramLabel = "NAME", description = "As the list has it.") String name) {
    return Media.parent(cloister).perform("", session -> revoke(session, name));
  }

  private static ExitCode create(Session session, String name, String role, Optional<Path> file)
      throws Exception {
    if (file.isPresent() && !InstallCommand.isFree(file.get())) {
      throw new InstallRefusedException(new TokenFileExists(file.get()));
    }
    JsonNode answer =
        change(
            session,
            "token_create",
            JsonNodeFactory.instance.objectNode().put("name", name).put("role", role));
    String token = answer.path("token").asText();
    Optional<Path> written = file.filter(place -> isWritten(session, place, token));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("role", role);
    json.put("token", written.isPresent() ? null : token);
    json.put("token_file", written.map(Path::toString).orElse(null));
    session.console().result(json, written.map(f -> "the token is in " + f).orElse(token));
    return ExitCode.DONE;
  }

  /** It is valid by now: what is wrong with the file must not keep it from being shown. */
  private static boolean isWritten(Session session, Path file, String token) {
    try {
      DurableFiles.create(file, (token + "\n").getBytes(StandardCharsets.UTF_8), "rw-------");
      return true;
    } catch (IOException e) {
      session.say("warning: the token is not in " + file + ": " + e);
      return false;
    }
  }

  private static ExitCode list(Session session) throws Exception {
    Deployment serving = session.installed().findServing().orElseThrow();
    session.refuseForeign();
    JsonNode answer =
        session.service().token(serving, "token_list", JsonNodeFactory.instance.objectNode());
    session.console().result((ObjectNode) answer, table(answer));
    return ExitCode.DONE;
  }

  private static String table(JsonNode answer) {
    String notSince = "not since " + second(answer.path("used_since"));
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode token : answer.path("tokens")) {
      rows.add(
          List.of(
              token.path("name").asText(),
              token.path("role").asText(),
              second(token.path("made_at")),
              token.hasNonNull("used_at") ? second(token.path("used_at")) : notSince));
    }
    return new Table(List.of("name", "role", "made", "last used"), rows).text();
  }

  /** Without the fraction of its second. */
  static String second(JsonNode time) {
    return time.asText().replaceAll("\\.[0-9]+Z", "Z");
  }

  private static ExitCode revoke(Session session, String name) throws Exception {
    JsonNode answer =
        change(session, "token_revoke", JsonNodeFactory.instance.objectNode().put("name", name));
    var text = new StringBuilder("%s is revoked".formatted(name));
    int sessions = answer.path("sessions_ended").asInt();
    text.append(sessions == 0 ? "" : "; console sessions ended: " + sessions);
    if (answer.path("administrators").asInt() == 0) {
      text.append("\nwarning: no administrator's token is left: nobody can open the console; ")
          .append("to make one: %s token create NAME --admin".formatted(session.cloister()));
    }
    session.console().result((ObjectNode) answer, text.toString());
    return ExitCode.DONE;
  }

  private static JsonNode change(Session session, String request, ObjectNode fields)
      throws Exception {
    String name = fields.path("name").asText();
    if (!NAME.matcher(name).matches()) {
      String form = "a name is 1 to 40 of a-z, 0-9 and -, and does not begin with -";
      throw new InstallRefusedException(new TokenRefused(Against.BAD_NAME, name, form));
    }
    try (HostLock _ = session.lock()) {
      Deployment serving = session.settled().findServing().orElseThrow();
      var _ = session.service().token(serving, "token_list", JsonNodeFactory.instance.objectNode());
      TrustStore.at(session.paths().trust())
          .note(session.edge().now(), request, line -> line.setAll(fields.deepCopy()));
      return session.service().token(serving, request, fields);
    }
  }
}
