package io.cloister.appliance.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.access.Account;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.Sessions;
import io.cloister.appliance.access.TokenRefused;
import io.cloister.appliance.access.Tokens;
import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.http.JsonText;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The operator's commands that make, show and revoke API tokens. */
public final class TokenCommands {
  private static final System.Logger LOG = System.getLogger(TokenCommands.class.getName());

  private final Tokens tokens;
  private final Sessions sessions;

  public TokenCommands(Tokens tokens, Sessions sessions) {
    this.tokens = tokens;
    this.sessions = sessions;
  }

  /** The only time that the token itself is told. */
  byte[] create(JsonNode command) {
    String name = command.path("name").asText();
    Optional<Role> role = role(command.path("role").asText());
    if (role.isEmpty()) {
      return OperatorCommands.error("role is one of " + Arrays.toString(Role.values()));
    }
    try {
      String token = tokens.create(name, role.get());
      LOG.log(Level.INFO, "the operator made the token {0} with the role {1}", name, role.get());
      return JsonText.object(
          json -> {
            json.writeStringField("name", name);
            json.writeStringField("role", role.get().name());
            json.writeStringField("token", token);
          });
    } catch (TokenRefused e) {
      return refused(e);
    } catch (DatabaseFault e) {
      return notStored(e);
    }
  }

  private static Optional<Role> role(String name) {
    return Arrays.stream(Role.values()).filter(role -> role.name().equals(name)).findFirst();
  }

  byte[] list() {
    return JsonText.object(
        json -> {
          json.writeStringField("used_since", tokens.openedAt().toString());
          json.writeArrayFieldStart("tokens");
          for (Tokens.Shown token : tokens.list()) {
            json.writeStartObject();
            json.writeStringField("name", token.account().name());
            json.writeStringField("role", token.account().role().name());
            json.writeStringField("made_at", token.made().toString());
            json.writeStringField("used_at", token.used().map(Instant::toString).orElse(null));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  byte[] revoke(JsonNode command) {
    try {
      Account gone = tokens.revoke(command.path("name").asText());
      int ended = sessions.endAll(gone.name());
      LOG.log(Level.INFO, "the operator revoked the token {0}", gone.name());
      long administrators =
          tokens.list().stream().filter(token -> token.account().role() == Role.ADMIN).count();
      return JsonText.object(
          json -> {
            json.writeStringField("name", gone.name());
            json.writeStringField("role", gone.role().name());
            json.writeNumberField("sessions_ended", ended);
            json.writeNumberField("administrators", administrators);
          });
    } catch (TokenRefused e) {
      return refused(e);
    } catch (DatabaseFault e) {
      return notStored(e);
    }
  }

  private static byte[] refused(TokenRefused e) {
    return refused(e.kind().name().toLowerCase(Locale.ROOT), String.valueOf(e.getMessage()));
  }

  private static byte[] notStored(DatabaseFault e) {
    return refused("not_stored", e.words());
  }

  private static byte[] refused(String kind, String reason) {
    return JsonText.object(
        json -> {
          json.writeStringField("refused", kind);
          json.writeStringField("reason", reason);
        });
  }
}
