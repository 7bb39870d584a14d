package io.cloister.appliance;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the command line asks for. */
sealed interface Arguments {
  /** Where the release lies and what it owns; empty for {@code train}. */
  default Optional<Folders> folders() {
    return Optional.empty();
  }

  record Train() implements Arguments {}

  record Serve(Folders own) implements Arguments {
    @Override
    public Optional<Folders> folders() {
      return Optional.of(own);
    }
  }

  /**
   * Makes what a first start needs.
   *
   * @param names of the host and its addresses, for the certificate; looked up when empty
   */
  record SetUp(Folders own, List<String> names) implements Arguments {
    @Override
    public Optional<Folders> folders() {
      return Optional.of(own);
    }
  }

  record HandOver(Folders own, String successor) implements Arguments {
    @Override
    public Optional<Folders> folders() {
      return Optional.of(own);
    }
  }

  /** Empty for anything that is none of the commands. */
  static Optional<Arguments> parse(List<String> words) {
    if (words.equals(List.of("train"))) {
      return Optional.of(new Train());
    }
    if (words.isEmpty() || words.size() % 2 == 0) {
      return Optional.empty();
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < words.size(); i += 2) {
      if (options.put(words.get(i), words.get(i + 1)) != null) {
        return Optional.empty();
      }
    }
    return parse(words.getFirst(), options);
  }

  private static Optional<Arguments> parse(String command, Map<String, String> options) {
    Set<String> known =
        switch (command) {
          case "hand-over" -> Set.of("--root", "--release", "--to");
          case "setup" -> Set.of("--root", "--release", "--names");
          default -> Set.of("--root", "--release");
        };
    boolean names = command.equals("setup") && !options.containsKey("--names");
    if (!known.containsAll(options.keySet()) || options.size() < known.size() - (names ? 1 : 0)) {
      return Optional.empty();
    }
    var own =
        new Folders(
            Path.of(options.getOrDefault("--root", "")).toAbsolutePath().normalize(),
            options.getOrDefault("--release", ""));
    return switch (command) {
      case "serve" -> Optional.of(new Serve(own));
      case "setup" ->
          Optional.of(
              new SetUp(
                  own,
                  Stream.of(options.getOrDefault("--names", "").split(",", -1))
                      .filter(name -> !name.isEmpty())
                      .toList()));
      case "hand-over" -> Optional.of(new HandOver(own, options.getOrDefault("--to", "")));
      default -> Optional.empty();
    };
  }
}
