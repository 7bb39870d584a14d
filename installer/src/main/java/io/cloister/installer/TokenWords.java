package io.cloister.installer;

import static io.cloister.repo.ExitCode.BUSY;
import static io.cloister.repo.ExitCode.HOST_UNFIT;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.installer.InstallRefusal.TokenRefused;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/** The words of what stands against a token, or against its end. */
record TokenWords(Situation here) {

  Problem problem(TokenRefused r) {
    return switch (r.against()) {
      case BAD_NAME -> badName(r);
      case EXISTS -> exists(r);
      case UNKNOWN -> unknown(r);
      case TOO_MANY -> tooMany(r);
      case NOT_STORED -> notStored(r);
      case UNANSWERED ->
          new TokenWords(here.with("whether it was done is not known")).unanswered(r);
    };
  }

  private Problem badName(TokenRefused r) {
    String why = "it is written into logs, lists and commands as it is";
    String summary = "no token can have that name";
    return of(r, "USAGE-TOKEN-NAME", USAGE, summary, why, "choose another name");
  }

  private Problem exists(TokenRefused r) {
    return of(
        r,
        "TOKEN-EXISTS",
        USAGE,
        "there is a token of that name already",
        "a name in the logs means one token; nobody can read again what that one is",
        "choose another name; or, to replace it: " + here.cloister() + " token revoke NAME");
  }

  private Problem unknown(TokenRefused r) {
    String why = "it was revoked already, or is spelt in another way";
    return of(r, "TOKEN-UNKNOWN", USAGE, "there is no token of that name", why, list());
  }

  private Problem tooMany(TokenRefused r) {
    return of(
        r,
        "TOKEN-TOO-MANY",
        USAGE,
        "there is no room for another token",
        "each request is compared with every token",
        "revoke one that nobody uses any more; to see them: " + list());
  }

  private Problem notStored(TokenRefused r) {
    return of(
        r,
        "TOKEN-NOT-STORED",
        HOST_UNFIT,
        "the change could not be stored, and is not in effect",
        "what is told to be done must survive a power cut",
        here.then("see to the reason; a full disk has to be emptied"));
  }

  private Problem unanswered(TokenRefused r) {
    String summary = "the appliance did not say whether it was done";
    String why = "a token that was made so is known to nobody: revoke it";
    return of(r, "TOKEN-UNANSWERED", BUSY, summary, why, list());
  }

  private String list() {
    return here.cloister() + " token list";
  }

  private Problem of(
      TokenRefused r, String code, ExitCode exit, String summary, String why, String next) {
    List<Evidence> evidence =
        List.of(new Evidence("name", r.name()), new Evidence("reason", r.reason()));
    return here.problem(code, exit, summary, evidence, why, next);
  }
}
