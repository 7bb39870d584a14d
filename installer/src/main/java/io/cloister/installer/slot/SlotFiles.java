package io.cloister.installer.slot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.SlotsUnreadable;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * What says which deployment serves: slots.json (docs/format/slots.md), the deployment that each
 * release is told, and the link to the current release. Each is replaced in one step; whoever
 * writes holds the {@link HostLock}.
 */
public record SlotFiles(HostPaths paths) {
  private static final int FORMAT = 1;
  private static final long BYTES_MAX = 8 << 20;

  /** The slots; {@link Slots#EMPTY} when nothing is installed. */
  public Slots read() throws IOException, InstallRefusedException {
    try {
      Optional<Fields> json = find(paths.slots());
      return json.isEmpty() ? Slots.EMPTY : parse(json.get());
    } catch (JsonException | IllegalArgumentException e) {
      throw new InstallRefusedException(
          new SlotsUnreadable(paths.slots(), String.valueOf(e.getMessage())));
    }
  }

  private static Slots parse(Fields json) throws JsonException {
    json.integer("format", FORMAT, FORMAT);
    Fields slots = json.object("slots");
    Optional<SlotName> active = Optional.empty();
    if (!json.value("active").isNull()) {
      String name = json.text("active");
      active = Arrays.stream(SlotName.values()).filter(s -> s.toString().equals(name)).findFirst();
      if (active.isEmpty()) {
        throw new JsonException("active is neither a nor b");
      }
    }
    return new Slots(active, parseSlot(slots, SlotName.A), parseSlot(slots, SlotName.B));
  }

  private static Optional<Slot> parseSlot(Fields slots, SlotName name) throws JsonException {
    if (slots.value(name.toString()).isNull()) {
      return Optional.empty();
    }
    Fields slot = slots.object(name.toString());
    String state = slot.text("state");
    for (Slot.State known : Slot.State.values()) {
      if (known.toString().equals(state)) {
        Optional<String> reason =
            slot.value("reason").isNull() ? Optional.empty() : Optional.of(slot.text("reason"));
        return Optional.of(
            new Slot(known, DeploymentJson.parse(slot.object("deployment")), reason));
      }
    }
    throw new JsonException("state of slot " + name + " is not known: " + state);
  }

  public void write(Slots slots) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("active", slots.active().map(SlotName::toString).orElse(null));
    ObjectNode both = json.putObject("slots");
    for (SlotName name : SlotName.values()) {
      Optional<Slot> slot = slots.find(name);
      if (slot.isEmpty()) {
        both.putNull(name.toString());
      } else {
        ObjectNode entry = both.putObject(name.toString());
        entry.put("state", slot.get().state().toString());
        entry.put("reason", slot.get().reason().orElse(null));
        entry.set("deployment", DeploymentJson.encode(slot.get().deployment()));
      }
    }
    DurableFiles.write(paths.slots(), bytes(json));
  }

  /** What a release was told to serve; empty when it was told nothing that can be read. */
  public Optional<Deployment> findTold(String release) throws IOException {
    try {
      Optional<Fields> json = find(paths.deployment(release));
      return json.isEmpty() ? Optional.empty() : Optional.of(DeploymentJson.parse(json.get()));
    } catch (JsonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Tells a release what to serve: from its next look or start on. */
  public void tell(Deployment deployment) throws IOException {
    write(deployment, DeploymentJson.encode(deployment));
  }

  /** Likewise, to a release beside the one that serves: it leaves the listeners alone. */
  public void tellCandidate(Deployment deployment) throws IOException {
    write(deployment, DeploymentJson.encode(deployment).put("candidate", true));
  }

  private void write(Deployment deployment, JsonNode json) throws IOException {
    DurableFiles.createFolders(paths.deployments());
    DurableFiles.write(paths.deployment(deployment.release().version()), bytes(json));
  }

  /** The version that {@code current} points to; empty where it points to anything else. */
  public Optional<String> findCurrent() throws IOException {
    if (!Files.isSymbolicLink(paths.current())) {
      return Optional.empty();
    }
    Path to = Files.readSymbolicLink(paths.current());
    return Optional.ofNullable(to.getFileName())
        .map(Path::toString)
        .filter(version -> to.equals(link(version)));
  }

  /** What {@code current} says of a release. */
  private Path link(String version) {
    return paths.programs().relativize(paths.release(version));
  }

  /** Points {@code current} to a release, in one step. */
  public void switchCurrent(String version) throws IOException {
    Path link = paths.current().resolveSibling("current.new");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, link(version));
    Files.move(link, paths.current(), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.forceFolder(paths.programs());
  }

  private static byte[] bytes(JsonNode json) {
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<Fields> find(Path file) throws IOException, JsonException {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > BYTES_MAX) {
        throw new JsonException("over " + BYTES_MAX + " bytes");
      }
      return Optional.of(Fields.of(StrictJson.parse(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
