package io.cloister.installer.backup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.host.DataKeyFile;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.ServiceFolder;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.trust.SitePolicy;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts what is the site's own in the place of what a host has, and keeps that beside until it is
 * known which of both serves. A journal says how far it came, so that a power cut at any moment
 * leaves the whole old or the whole new: before {@link #hold} everything is put back, after it
 * {@link #finish} is the only way. The service must not run while anything moves. Renames stay in
 * their folders, which may be on disks of their own.
 */
public record Swap(HostPaths paths) {
  private static final Logger LOG = System.getLogger(Swap.class.getName());
  private static final int FORMAT = 1;
  private static final String FRESH = ".restored";
  private static final String BEFORE = ".before";
  private static final int PLACES_MAX = 10;

  /**
   * What the journal says.
   *
   * @param holds whether the new one is to stay
   * @param had the places that had something before
   * @param ran whether the service did
   */
  private record Journal(
      boolean holds, List<String> had, boolean ran, SitePolicy policy, Instant at) {}

  private Path file() {
    return paths.journal().resolve("restore.json");
  }

  private List<Path> places() {
    List<Path> places = new ArrayList<>();
    places.add(paths.settings());
    places.add(paths.databases());
    places.add(paths.certificates());
    // Those of a backup are in its database: nothing takes its place.
    places.add(paths.tokens());
    places.addAll(new DataKeyFile(paths).places());
    return places;
  }

  /** Where what is to come to a place is made ready. */
  public Path fresh(Path place) {
    return place.resolveSibling(place.getFileName() + FRESH);
  }

  /** Writes the data's key, for this host, to where {@link #exchange} takes it from. */
  public void prepareKey(String hex) throws IOException, InterruptedException {
    new DataKeyFile(paths).write(hex, FRESH);
  }

  private static Path before(Path place) {
    return place.resolveSibling(place.getFileName() + BEFORE);
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private String name(Path place) {
    return paths.root().relativize(place).toString();
  }

  /**
   * Writes the journal: from here on an interruption is put back.
   *
   * @param policy that comes with the rest
   * @param ran whether the service runs, and is to run after an interruption
   * @param now for the trail of the policy
   */
  public void begin(SitePolicy policy, boolean ran, Instant now) throws IOException {
    List<String> had = places().stream().filter(Swap::exists).map(this::name).toList();
    write(new Journal(false, had, ran, policy, now));
  }

  /** Nothing lies where things are made ready, or are kept. */
  public void clear() throws IOException {
    for (Path place : places()) {
      Folders.delete(before(place));
      Folders.delete(fresh(place));
      Folders.delete(DurableFiles.temporary(fresh(place)));
    }
  }

  /** Moves what was there aside, and what is ready into its place. */
  public void exchange() throws IOException {
    for (Path place : places()) {
      if (exists(place)) {
        DurableFiles.move(place, before(place));
      }
      if (exists(fresh(place))) {
        DurableFiles.move(fresh(place), place);
      }
    }
  }

  /** Whether something was begun that is to be put back. */
  public boolean isOpen() throws IOException {
    return find().filter(journal -> !journal.holds()).isPresent();
  }

  /** Whether the service ran when what is open was begun. */
  public boolean ran() throws IOException {
    return find().filter(Journal::ran).isPresent();
  }

  /** Everything as it was; again from the start, if that is interrupted. */
  public void putBack() throws IOException {
    Journal journal = find().orElseThrow();
    for (Path place : places()) {
      if (exists(before(place))) {
        Folders.delete(place);
        DurableFiles.move(before(place), place);
      } else if (!journal.had().contains(name(place))) {
        Folders.delete(place);
      }
      Folders.delete(fresh(place));
      Folders.delete(DurableFiles.temporary(fresh(place)));
    }
    DurableFiles.deleteIfExists(file());
  }

  /** What is in place stays: the moment from which there is no way back. */
  public void hold() throws IOException {
    Journal journal = find().orElseThrow();
    write(new Journal(true, journal.had(), journal.ran(), journal.policy(), journal.at()));
  }

  /**
   * Of what holds: the policy, too, and what was there before goes. What does not go, the next
   * command tries again: the service chose how deep it is, and must not keep it from its work.
   */
  public void finish() throws IOException {
    Optional<Journal> journal = find().filter(Journal::holds);
    if (journal.isPresent()) {
      TrustStore store = TrustStore.at(paths.trust());
      try {
        if (!store.policy().equals(journal.get().policy())) {
          store.setPolicy(journal.get().policy(), journal.get().at());
        }
      } catch (RefusedException e) {
        throw new IOException("the site's policy was not set: " + e.refusal(), e);
      }
    }
    for (Path place : places()) {
      // Without a restore of ours, what has such a name elsewhere is somebody's own.
      if (journal.isPresent() || place.startsWith(paths.appliance())) {
        deleteBefore(place);
      }
    }
    DurableFiles.deleteIfExists(file());
  }

  private void deleteBefore(Path place) throws IOException {
    if (!place.startsWith(paths.appliance())) {
      Folders.delete(before(place));
      return;
    }
    // The service runs, and its folder is its own.
    String name = paths.appliance().relativize(before(place)).toString();
    try {
      new ServiceFolder(paths.appliance()).delete(List.of(), name);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the next command tries again", e);
    }
  }

  private void write(Journal journal) throws IOException {
    DurableFiles.createFolders(paths.journal());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("holds", journal.holds());
    ArrayNode had = json.putArray("had");
    journal.had().forEach(had::add);
    json.put("ran", journal.ran());
    PolicyJson.put(json.putObject("policy"), journal.policy());
    json.put("at", journal.at().toString());
    DurableFiles.write(file(), json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Journal> find() throws IOException {
    try {
      Fields json = Fields.of(StrictJson.parse(Files.readAllBytes(file())));
      json.integer("format", FORMAT, FORMAT);
      return Optional.of(
          new Journal(
              json.truth("holds"),
              json.texts("had", PLACES_MAX),
              json.truth("ran"),
              PolicyJson.parse(json.object("policy")),
              json.time("at")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonException e) {
      throw new IOException(file() + ": " + e.getMessage(), e);
    }
  }
}
