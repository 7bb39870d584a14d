package io.cloister.installer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.cloister.installer.InstallRefusal.AnswersExposed;
import io.cloister.installer.InstallRefusal.BadAnswers;
import io.cloister.installer.InstallRefusal.BadAnswers.Fault;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Writers;
import io.cloister.repo.client.Anchor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The answers of an installation that nobody watches: YAML 1.1, one text for each question. Read
 * strictly, and whatever is wrong is said at once.
 */
final class AnswersFile {
  static final int BYTES_MAX = 64 * 1024;
  private static final List<String> QUESTIONS =
      List.of("trusted_root", "inference", "console", "token_file");

  private final List<Fault> faults = new ArrayList<>();
  private final Set<String> answered = new HashSet<>();
  private Choices choices = Choices.NONE;

  private AnswersFile() {}

  /** A file of answers that explains itself. */
  static String template() throws IOException {
    try (InputStream in = AnswersFile.class.getResourceAsStream("answers.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Reads the answers, and makes sure that nobody else has a say in them: they name what this
   * machine will trust.
   *
   * @param given on the command line; it has the last word, and need not be answered
   * @param media that is installed from; what is to prove it must not lie on it
   */
  static Choices read(Path file, Choices given, List<Path> media)
      throws IOException, InstallRefusedException {
    byte[] bytes;
    try {
      refuseExposed(file, file, media);
      bytes = bytes(file);
    } catch (IOException e) {
      String reason = e instanceof NoSuchFileException ? "no such file" : "" + e.getMessage();
      throw refused(file, List.of(new Fault(0, "a file that this user may read: " + reason)));
    }
    List<Fault> faults = new ArrayList<>();
    Choices choices = parse(bytes, given, faults);
    if (!faults.isEmpty()) {
      throw refused(file, faults);
    }
    if (given.trustedRoot().isEmpty()
        && choices.trustedRoot().orElseThrow() instanceof Anchor.RootFile(Path root)
        && Files.exists(root)) {
      refuseExposed(file, root, media);
    }
    return choices;
  }

  private static byte[] bytes(Path file) throws IOException, InstallRefusedException {
    if (!Files.isRegularFile(file)) {
      throw refused(file, List.of(new Fault(0, "a plain file")));
    }
    try (InputStream in = Files.newInputStream(file.toRealPath())) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw refused(file, List.of(new Fault(1, "more than " + BYTES_MAX + " bytes")));
      }
      return bytes;
    }
  }

  private static InstallRefusedException refused(Path file, List<Fault> faults) {
    return new InstallRefusedException(new BadAnswers(file, faults));
  }

  private static void refuseExposed(Path file, Path read, List<Path> media)
      throws IOException, InstallRefusedException {
    Path real = read.toRealPath();
    for (Path medium : media) {
      if (Files.exists(medium) && real.startsWith(medium.toRealPath())) {
        String how = "it lies on the medium that it is to prove";
        throw new InstallRefusedException(new AnswersExposed(file, real, how));
      }
    }
    Optional<Writers.Other> other = Writers.ofProcess().findOther(real);
    if (other.isPresent()) {
      throw new InstallRefusedException(
          new AnswersExposed(file, other.get().at(), other.get().how()));
    }
  }

  /**
   * The answers; pure.
   *
   * @param given on the command line; it has the last word, and need not be answered
   * @param faults is given what is wrong, in the order of the lines
   */
  static Choices parse(byte[] bytes, Choices given, List<Fault> faults) {
    var file = new AnswersFile();
    try (YAMLParser yaml = new YAMLFactory().createParser(bytes)) {
      file.read(yaml);
      if (!file.answered.contains("trusted_root") && given.trustedRoot().isEmpty()) {
        file.faults.add(new Fault(0, "trusted_root: sha256:HEX, from the vendor's letter"));
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      String words = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("no YAML");
      file.faults.add(new Fault(line, words));
    } catch (IOException e) {
      file.faults.add(new Fault(1, String.valueOf(e.getMessage())));
    }
    file.faults.stream().sorted(Comparator.comparingInt(AnswersFile::place)).forEach(faults::add);
    return given.or(file.choices);
  }

  /** What is missing has no line, and comes last. */
  private static int place(Fault fault) {
    return fault.line() == 0 ? Integer.MAX_VALUE : fault.line();
  }

  private void read(YAMLParser yaml) throws IOException {
    JsonToken first = yaml.nextToken();
    if (first == null) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      faults.add(new Fault(line(yaml), "lines of the form 'name: answer' are needed"));
      return;
    }
    while (yaml.nextToken() == JsonToken.FIELD_NAME) {
      String name = yaml.currentName();
      int line = line(yaml);
      JsonToken value = yaml.nextToken();
      if (!QUESTIONS.contains(name)) {
        faults.add(
            new Fault(line, "unknown: " + name + "; known: " + String.join(", ", QUESTIONS)));
      } else if (!answered.add(name)) {
        faults.add(new Fault(line, name + " is answered twice"));
      } else if (value != JsonToken.VALUE_STRING || yaml.isCurrentAlias()) {
        faults.add(new Fault(line, name + ": one text is needed, not " + kind(value)));
      } else {
        answer(name, yaml.getText(), line);
      }
      yaml.skipChildren();
    }
    if (yaml.nextToken() != null) {
      faults.add(new Fault(line(yaml), "one document is enough"));
    }
  }

  private static int line(YAMLParser yaml) {
    return yaml.currentTokenLocation().getLineNr();
  }

  private static String kind(JsonToken value) {
    return switch (value) {
      case START_ARRAY -> "a list (write an address in brackets in quotes)";
      case START_OBJECT -> "a mapping";
      case VALUE_NULL -> "nothing";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a truth value";
      default -> "an alias";
    };
  }

  private void answer(String name, String text, int line) {
    try {
      choices =
          switch (name) {
            case "trusted_root" -> choices.withTrustedRoot(anchor(text));
            case "inference" -> choices.withInference(Listener.parse(text));
            case "console" -> choices.withConsole(Listener.parse(text));
            case "token_file" -> choices.withTokenFile(Optional.of(absolute(text)));
            default -> throw new IllegalStateException("no such question: " + name);
          };
    } catch (IllegalArgumentException e) {
      faults.add(new Fault(line, name + ": " + e.getMessage()));
    }
  }

  private static Anchor anchor(String text) {
    Anchor anchor = Anchor.parse(text);
    if (anchor instanceof Anchor.RootFile(Path file)) {
      absolute(file.toString());
    }
    return anchor;
  }

  /** The folder that a command is called in is no part of the answers. */
  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("an absolute path is needed, not " + text);
    }
    return path;
  }
}
