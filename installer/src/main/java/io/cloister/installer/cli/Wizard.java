package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusal.Stopped;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.media.Medium;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Asks a person at a terminal for what the command line left open. Says what each answer is for,
 * takes Enter for a default in brackets, explains an answer that cannot be used and asks again.
 * Changes nothing; ending a question ends the command.
 */
record Wizard(Session session, Medium medium) {

  /** Says what begins, and asks for the digest in the vendor's letter. */
  Anchor askTrustedRoot() throws RefusedException, InstallRefusedException {
    session.say(
        """
        This installs Cloister from %s.
        Nothing on this machine is changed before you say yes at the end.
        To stop, press Ctrl-C.

        1 of 3: the vendor's letter
        It says whom to trust: "sha256:" and 64 digits. Type at least the first %d,
        from the letter: a forged medium would name digits of its own. Blanks and
        the word sha256: do not matter."""
            .formatted(medium.name(), LetterCheck.DIGITS_MIN));
    var check = LetterCheck.of(medium);
    int others = 0;
    while (true) {
      LetterCheck.Verdict verdict = check.judge(ask("digits in the letter:"));
      switch (verdict) {
        case LetterCheck.Whole(Anchor anchor) -> {
          return anchor;
        }
        case LetterCheck.Begun begun -> {
          return compareRest(check, begun);
        }
        case LetterCheck.Unusable(String words) -> session.say(words);
        case LetterCheck.Other other -> {
          others++;
          if (others == LetterCheck.TRIES_MAX) {
            throw check.refuse(other.typed());
          }
          session.say(
              """
              The medium has other digits than these:
                %s
              Look for a typing error, and type them again. If the letter says just this,
              the medium is not from this vendor: stop with Ctrl-C and ask the vendor."""
                  .formatted(LetterCheck.groups(other.typed())));
        }
      }
    }
  }

  /** Somebody could make a root whose first digits are the right ones, given machines and time. */
  private Anchor compareRest(LetterCheck check, LetterCheck.Begun begun)
      throws RefusedException, InstallRefusedException {
    session.say(
        """
        These agree. Now compare all of them; the medium has
          %s
          %s"""
            .formatted(
                LetterCheck.groups(check.hex().substring(0, 32)),
                LetterCheck.groups(check.hex().substring(32))));
    if (!agrees("Are they those in the letter, to the last one? [yes/no]")) {
      throw check.refuse(begun.typed());
    }
    return check.anchor();
  }

  /** Asks for listeners and the token's file, where no option and no file of the site has them. */
  Choices askRest(Choices given) throws InstallRefusedException {
    Choices choices = given;
    Optional<SettingsFile> site = SettingsFile.find(session.paths());
    if (site.isPresent()) {
      session.say("\n2 of 3: listeners\nThey are in " + session.paths().settings() + " already.");
    } else {
      session.say(
          "\n2 of 3: listeners\nADDRESS:PORT; 0.0.0.0 is every address that this machine has.");
      choices = askListeners(choices);
    }
    if (choices.tokenFile().isPresent()) {
      return choices;
    }
    session.say(
        """

        3 of 3: the first API token
        It is shown once, at the end. It can be written to a new file, too, which
        only you may read.""");
    return choices.withTokenFile(askTokenFile());
  }

  private Choices askListeners(Choices given) throws InstallRefusedException {
    Choices choices = given;
    if (choices.inference().isEmpty()) {
      choices =
          choices.withInference(
              askListener("for applications", Choices.INFERENCE, choices.console()));
    }
    if (choices.console().isEmpty()) {
      choices =
          choices.withConsole(
              askListener("for the local web page", Choices.CONSOLE, choices.inference()));
    }
    return choices;
  }

  private Listener askListener(String purpose, Listener usual, Optional<Listener> other)
      throws InstallRefusedException {
    while (true) {
      String typed = ask("%s [%s]:".formatted(purpose, usual));
      try {
        Listener listener = typed.isEmpty() ? usual : Listener.parse(typed);
        Optional<String> obstacle = findObstacle(listener, other);
        if (obstacle.isEmpty()) {
          return listener;
        }
        session.say("Not %s: %s.".formatted(listener, obstacle.get()));
      } catch (IllegalArgumentException e) {
        session.say(e.getMessage() + "; for example 127.0.0.1:8443");
      }
    }
  }

  private Optional<String> findObstacle(Listener listener, Optional<Listener> other) {
    if (other.filter(listener::collides).isPresent()) {
      return Optional.of("the other listener, " + other.get() + ", has that port");
    }
    return session.edge().machine().findObstacle(listener.address(), listener.port());
  }

  private Optional<Path> askTokenFile() throws InstallRefusedException {
    while (true) {
      String typed = ask("file, or Enter for none [none]:");
      if (typed.isEmpty()) {
        return Optional.empty();
      }
      try {
        Path file = Path.of(typed).normalize();
        if (file.isAbsolute() && InstallCommand.isFree(file)) {
          return Optional.of(file);
        }
        session.say(
            file.isAbsolute()
                ? file + " is there already, or its folder is missing or closed to you."
                : "A path begins with /; for example /root/cloister.token");
      } catch (InvalidPathException e) {
        session.say("That is no path.");
      }
    }
  }

  /** What {@code --dry-run} shows, and what was chosen. */
  void show(Planned planned, Choices choices) throws InstallRefusedException {
    HostPaths paths = session.paths();
    SettingsFile settings = SettingsFile.find(paths).orElseGet(choices::settings);
    session.say(
        """

        The plan, below %s:
          %s
          listen  %s for applications
          listen  %s for the local web page
          token   %s"""
            .formatted(
                paths.root(),
                planned.words(),
                settings.inference(),
                settings.console(),
                choices.tokenFile().map(file -> "also in " + file).orElse("shown once")));
  }

  /** Ends the command where the answer is not yes. */
  void askLeave() throws InstallRefusedException {
    if (!agrees("Install? [yes/no]")) {
      throw new InstallRefusedException(new Stopped());
    }
  }

  private boolean agrees(String question) throws InstallRefusedException {
    while (true) {
      String typed = ask(question).toLowerCase(java.util.Locale.ROOT);
      if (List.of("y", "yes").contains(typed)) {
        return true;
      }
      if (List.of("n", "no").contains(typed)) {
        return false;
      }
      session.say("Type yes or no.");
    }
  }

  private String ask(String question) throws InstallRefusedException {
    return session
        .console()
        .ask(question)
        .orElseThrow(() -> new InstallRefusedException(new Stopped()))
        .strip();
  }
}
