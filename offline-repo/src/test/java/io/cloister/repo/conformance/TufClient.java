package io.cloister.repo.conformance;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusalWords;
import io.cloister.repo.RefusedCommand;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.ClientWorkflow;
import io.cloister.repo.client.DelegationSearch;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.trust.CheckTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The client protocol of the public conformance suite; {@code scripts/tuf-client -h} tells it. */
public final class TufClient {
  private final Map<String, String> options = new HashMap<>();
  private final List<String> targetNames = new ArrayList<>();
  private final List<String> words = new ArrayList<>();

  private TufClient(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (!arguments[i].startsWith("--")) {
        words.add(arguments[i]);
      } else if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      } else if (arguments[i].equals("--target-name")) {
        targetNames.add(arguments[++i]);
      } else {
        options.put(arguments[i], arguments[++i]);
      }
    }
  }

  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** 0 done, 1 not. */
  static int run(String... arguments) {
    try {
      new TufClient(arguments).run();
      return 0;
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("error: " + e);
    } catch (RefusedException e) {
      RefusedCommand command = new RefusedCommand("the repository", "tuf-client", "see the folder");
      RefusalWords.problems(e, command).forEach(each -> System.err.print(each.text()));
    }
    return 1;
  }

  private void run() throws RefusedException, IOException {
    Instant now = Instant.now();
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "init" -> init();
      case "refresh" -> refresh(now);
      case "download" -> download(now);
      default -> throw new IllegalArgumentException("no command init, refresh or download");
    }
  }

  private String option(String name) {
    return Optional.ofNullable(options.get(name))
        .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }

  private void init() throws RefusedException, IOException {
    if (words.size() != 2) {
      throw new IllegalArgumentException("init needs a trusted root");
    }
    byte[] root = Files.readAllBytes(Path.of(words.getLast()));
    Path folder = Path.of(option("--metadata-dir"));
    DurableFiles.createFolders(folder);
    new TrustFolder(folder, new HttpRepository("")).keep("root.json", root);
  }

  private ClientWorkflow refresh(Instant now) throws RefusedException {
    TrustFolder folder =
        new TrustFolder(
            Path.of(option("--metadata-dir")), new HttpRepository(option("--metadata-url")));
    ClientWorkflow workflow =
        new ClientWorkflow(folder, folder.load(), CheckTime.of(now, Optional.empty()));
    workflow.refresh();
    return workflow;
  }

  private void download(Instant now) throws RefusedException, IOException {
    ClientWorkflow workflow = refresh(now);
    DelegationSearch search = new DelegationSearch(workflow);
    TargetDownload download =
        new TargetDownload(
            new HttpRepository(option("--target-base-url")),
            Path.of(option("--target-dir")),
            workflow.trusted().root().role().consistentSnapshot());
    for (String name : targetNames) {
      DelegationSearch.Found found =
          search
              .find(name)
              .orElseThrow(() -> new RefusedException(new MissingFile(Where.of(name))));
      download.download(name, found.target());
    }
  }
}
