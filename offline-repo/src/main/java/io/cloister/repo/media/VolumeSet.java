package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.VolumeMissing;
import io.cloister.repo.MediaRefusal.VolumeOfAnotherSet;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.media.VolumePrompt.Question;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A medium in several volumes, in any order. Every volume carries all metadata, so any one may be
 * the first. Those at hand are read in turn; then a person is asked for what is still needed.
 */
final class VolumeSet implements Medium {
  private final Medium first;
  private final VolumeNote note;
  private final Deque<Path> waiting;
  private final VolumePrompt prompt;
  private final SortedMap<Integer, Medium> read = new TreeMap<>();
  private Path last;

  /** One volume of this set. */
  private record Volume(int number, Medium medium) {}

  /**
   * A set of which one volume is open.
   *
   * @param at where that one is
   * @param waiting where others may be
   */
  VolumeSet(Medium first, VolumeNote note, Path at, List<Path> waiting, VolumePrompt prompt) {
    this.first = first;
    this.note = note;
    this.last = at;
    this.waiting = new ArrayDeque<>(waiting);
    this.prompt = prompt;
  }

  @Override
  public String name() {
    return first.name();
  }

  @Override
  public Optional<String> findSet() {
    return Optional.of(note.set().hex());
  }

  @Override
  public Optional<byte[]> find(Where where, int bytesMax) throws RefusedException {
    return first.find(where, bytesMax);
  }

  @Override
  public Optional<Digested> findDigest(Where where, long bytesMax) throws RefusedException {
    return first.findDigest(where, bytesMax);
  }

  /** From any volume that is at hand. */
  @Override
  public Optional<byte[]> peek(Blob blob) throws RefusedException {
    List<Medium> parts = new ArrayList<>(read.values());
    parts.add(first);
    for (Medium part : parts) {
      try {
        Optional<byte[]> bytes = part.peek(blob);
        if (bytes.isPresent()) {
          return bytes;
        }
      } catch (RefusedException e) {
        if (!isMissing(e)) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public SequencedMap<Sha256, RefusedException> deliver(BlobRequest request, BlobSink sink)
      throws RefusedException, IOException {
    Map<Sha256, Integer> places = note.places(request);
    SequencedMap<Sha256, RefusedException> left =
        deliver(new Volume(note.number(), first), request, sink);
    while (true) {
      List<Integer> needed = needed(left, places);
      Optional<Volume> next = next(needed);
      if (next.isEmpty()) {
        return needed.isEmpty() ? left : missing(left, places, needed);
      }
      SequencedMap<Sha256, RefusedException> before = left;
      left = deliver(next.get(), request.only(before::containsKey), sink);
      // That it is missing here says less than that it is damaged there.
      left.replaceAll((blob, fault) -> isMissing(fault) ? before.get(blob) : fault);
    }
  }

  private SequencedMap<Sha256, RefusedException> deliver(
      Volume volume, BlobRequest request, BlobSink sink) throws RefusedException, IOException {
    read.put(volume.number(), volume.medium());
    String words =
        "%d of %d, %s".formatted(volume.number(), note.volumes().size(), volume.medium().name());
    try {
      SequencedMap<Sha256, RefusedException> faults =
          new LinkedHashMap<>(volume.medium().deliver(request, sink));
      faults.replaceAll((_, fault) -> isMissing(fault) ? fault : VolumeFaults.on(words, fault));
      return faults;
    } catch (RefusedException e) {
      throw VolumeFaults.on(words, e);
    }
  }

  /** Volumes not read yet that have something which is still missing. */
  private List<Integer> needed(
      SequencedMap<Sha256, RefusedException> left, Map<Sha256, Integer> places) {
    return left.entrySet().stream()
        .filter(each -> isMissing(each.getValue()))
        .map(each -> places.getOrDefault(each.getKey(), note.number()))
        .filter(volume -> !read.containsKey(volume))
        .distinct()
        .sorted()
        .toList();
  }

  /** All that is on volumes which nobody brought has one reason. */
  private SequencedMap<Sha256, RefusedException> missing(
      SequencedMap<Sha256, RefusedException> left,
      Map<Sha256, Integer> places,
      List<Integer> needed) {
    var reason =
        new RefusedException(
            new VolumeMissing(
                note.set().hex(), List.copyOf(read.keySet()), needed, note.volumes().size()));
    left.replaceAll(
        (blob, fault) ->
            isMissing(fault) && needed.contains(places.getOrDefault(blob, 0)) ? reason : fault);
    return left;
  }

  private static boolean isMissing(RefusedException fault) {
    return fault.refusal() instanceof MissingFile;
  }

  /** The next volume to read; empty when nothing more is needed, or nobody brings it. */
  private Optional<Volume> next(List<Integer> needed) throws RefusedException {
    while (!waiting.isEmpty()) {
      Optional<Volume> given = open(waiting.remove());
      if (given.isPresent()) {
        return given;
      }
    }
    return needed.isEmpty() ? Optional.empty() : ask(needed);
  }

  private Optional<Volume> ask(List<Integer> needed) {
    Optional<Refusal> fault = Optional.empty();
    boolean again = false;
    while (true) {
      Optional<Path> answer =
          prompt.ask(new Question(needed, note.volumes().size(), last, fault, again));
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      try {
        Optional<Volume> volume = open(answer.get());
        if (volume.isPresent()) {
          return volume;
        }
        fault = Optional.empty();
        again = true;
      } catch (RefusedException e) {
        fault = Optional.of(e.refusal());
        again = false;
      }
    }
  }

  /** Empty where it is one that was read already. */
  private Optional<Volume> open(Path path) throws RefusedException {
    Medium medium = Medium.openOne(path);
    Optional<VolumeNote> found = VolumeNote.find(medium);
    if (found.isEmpty() || !found.get().set().equals(note.set())) {
      medium.close();
      throw new RefusedException(
          new VolumeOfAnotherSet(
              path.toString(),
              note.set().hex(),
              found.map(other -> other.set().hex()).orElse("no volume")));
    }
    last = path;
    if (read.containsKey(found.get().number()) || found.get().number() == note.number()) {
      medium.close();
      return Optional.empty();
    }
    return Optional.of(new Volume(found.get().number(), medium));
  }

  @Override
  public void close() {
    first.close();
    List<Medium> others = new ArrayList<>(read.values());
    others.remove(first);
    others.forEach(Medium::close);
  }
}
