package io.cloister.repo.media;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a volume says of itself and its set: {@code volume.json}. Not signed: it tells what to ask
 * for, and decides nothing about what is accepted.
 *
 * @param set names the set
 * @param number of this volume, from 1
 * @param volumes all of them, in order
 */
public record VolumeNote(Sha256 set, int number, List<Part> volumes) {
  public static final String FILE = "volume.json";
  public static final int COUNT_MAX = 999;

  private static final int BYTES_MAX = 1 << 18;
  private static final int FORMAT = 1;

  /**
   * A volume's share of the blobs.
   *
   * @param first the first of its blobs in manifest order, if any; the others follow
   * @param blobs how many
   */
  public record Part(Optional<Sha256> first, int blobs) {}

  public VolumeNote {
    volumes = List.copyOf(volumes);
    if (volumes.isEmpty() || volumes.size() > COUNT_MAX || number < 1 || number > volumes.size()) {
      throw new IllegalArgumentException("volume %d of %d".formatted(number, volumes.size()));
    }
  }

  /** Empty on a medium that is not a volume. */
  static Optional<VolumeNote> find(Medium medium) throws RefusedException {
    Optional<byte[]> bytes = medium.find(Where.of(FILE), BYTES_MAX);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(bytes.get()));
  }

  private static VolumeNote parse(byte[] bytes) throws RefusedException {
    try {
      Fields document = Fields.of(StrictJson.parse(bytes));
      document.integer("format", FORMAT, FORMAT);
      List<Part> parts = new ArrayList<>();
      for (Fields part : document.objects("volumes", COUNT_MAX)) {
        parts.add(
            new Part(
                part.has("first") ? Optional.of(part.sha256("first")) : Optional.empty(),
                (int) part.integer("blobs", 0, Integer.MAX_VALUE)));
      }
      return new VolumeNote(
          document.sha256("set"), (int) document.integer("volume", 1, COUNT_MAX), parts);
    } catch (JsonException | IllegalArgumentException e) {
      throw new RefusedException(new MalformedManifest(FILE, String.valueOf(e.getMessage())));
    }
  }

  /** Canonical JSON. */
  public byte[] encode() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT);
    document.put("set", set.hex());
    document.put("volume", number);
    ArrayNode array = document.putArray("volumes");
    for (Part part : volumes) {
      ObjectNode node = array.addObject().put("blobs", part.blobs());
      part.first().ifPresent(first -> node.put("first", first.hex()));
    }
    return CanonicalJson.encodeOwn(document);
  }

  /** E.g. {@code 2 of 3}. */
  public String words() {
    return number + " of " + volumes.size();
  }

  /** On which volume each blob should be, by what this one says. */
  Map<Sha256, Integer> places(BlobRequest request) {
    Map<Sha256, Integer> starts = new HashMap<>();
    for (int i = 0; i < volumes.size(); i++) {
      int volume = i + 1;
      volumes.get(i).first().ifPresent(first -> starts.putIfAbsent(first, volume));
    }
    Map<Sha256, Integer> places = new HashMap<>();
    int volume = 1;
    for (Sha256 blob : request.all().sequencedKeySet()) {
      volume = Math.max(volume, starts.getOrDefault(blob, volume));
      places.put(blob, volume);
    }
    return places;
  }
}
