package io.cloister.appliance;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  record SetUp(Folders own) implements Arguments {
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
    boolean handOver = command.equals("hand-over");
    Set<String> wanted =
        handOver ? Set.of("--root", "--release", "--to") : Set.of("--root", "--release");
    if (!options.keySet().equals(wanted)) {
      return Optional.empty();
    }
    var own =
        new Folders(
            Path.of(options.getOrDefault("--root", "")).toAbsolutePath().normalize(),
            options.getOrDefault("--release", ""));
    return switch (command) {
      case "serve" -> Optional.of(new Serve(own));
      case "setup" -> Optional.of(new SetUp(own));
      case "hand-over" -> Optional.of(new HandOver(own, options.getOrDefault("--to", "")));
      default -> Optional.empty();
    };
  }
}
