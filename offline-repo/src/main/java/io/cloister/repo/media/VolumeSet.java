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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A medium in several volumes, in any order. Every volume carries all metadata, so any one may be
 * the first. Those at hand are read in turn; then a person is asked for what is still needed.
 */
final class VolumeSet implements Medium {
  private final Medium first;
  private final VolumeNote note;
  private final Deque<VolumePlace> waiting;
  private final VolumePrompt prompt;
  private final Deque<Volume> ready = new ArrayDeque<>();
  private final Set<Integer> seen = new HashSet<>();
  private final SortedMap<Integer, Medium> read = new TreeMap<>();
  private Path last;

  /** One volume of this set. */
  private record Volume(int number, Medium medium) {}

  /**
   * A set of which one volume is open.
   *
   * @param at where that one is, as it was given
   * @param waiting where others may be
   */
  VolumeSet(
      Medium first, VolumeNote note, Path at, List<VolumePlace> waiting, VolumePrompt prompt) {
    this.first = first;
    this.note = note;
    this.last = at;
    this.waiting = new ArrayDeque<>(waiting);
    this.prompt = prompt;
    seen.add(note.number());
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
    } finally {
      volume.medium().close();
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
    while (ready.isEmpty() && !waiting.isEmpty()) {
      open(waiting.remove());
    }
    if (ready.isEmpty() && !needed.isEmpty()) {
      ask(needed);
    }
    return Optional.ofNullable(ready.poll());
  }

  /** Until there is one to read, or nobody answers. */
  private void ask(List<Integer> needed) {
    Optional<Refusal> fault = Optional.empty();
    boolean again = false;
    while (ready.isEmpty()) {
      Optional<Path> answer =
          prompt.ask(new Question(needed, note.volumes().size(), last, fault, again));
      if (answer.isEmpty()) {
        return;
      }
      fault = Optional.empty();
      for (VolumePlace place : VolumePlace.at(answer.get())) {
        try {
          open(place);
        } catch (RefusedException e) {
          fault = Optional.of(e.refusal());
        }
      }
      again = fault.isEmpty();
    }
  }

  /** Makes a volume ready that was not read yet. */
  private void open(VolumePlace place) throws RefusedException {
    Medium medium = place.open();
    boolean used = false;
    try {
      Optional<VolumeNote> found = VolumeNote.find(medium);
      if (found.isEmpty() || !found.get().set().equals(note.set())) {
        throw new RefusedException(
            new VolumeOfAnotherSet(
                place.path().toString(),
                note.set().hex(),
                found.map(other -> other.set().hex()).orElse("no volume")));
      }
      last = place.given();
      used = seen.add(found.get().number());
      if (used) {
        ready.add(new Volume(found.get().number(), medium));
      }
    } finally {
      if (!used) {
        medium.close();
      }
    }
  }

  @Override
  public void close() {
    first.close();
    read.values().forEach(Medium::close);
    ready.forEach(volume -> volume.medium().close());
  }
}
