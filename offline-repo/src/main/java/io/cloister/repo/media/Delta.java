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
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a delta medium says of itself: {@code delta.json}. Blobs of the packages it names are left
 * out, because the machine has them. Not signed: it makes the words of a refusal, nothing more.
 *
 * @param base digest of the manifest by package, e.g. {@code runtime-linux-x64-0.1.0}
 * @param blobs how many are left out
 * @param bytes of those, as stored
 */
public record Delta(SortedMap<String, Sha256> base, int blobs, long bytes) {
  public static final String FILE = "delta.json";

  private static final int BYTES_MAX = 1 << 20;
  private static final int PACKAGES_MAX = 1000;
  private static final int FORMAT = 1;

  public Delta {
    base = new TreeMap<>(base);
  }

  /** Empty on a medium that is whole. */
  public static Optional<Delta> find(Medium medium) throws RefusedException {
    Optional<byte[]> bytes = medium.find(Where.of(FILE), BYTES_MAX);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(bytes.get()));
  }

  private static Delta parse(byte[] bytes) throws RefusedException {
    try {
      Fields document = Fields.of(StrictJson.parse(bytes));
      document.integer("format", FORMAT, FORMAT);
      SortedMap<String, Sha256> base = new TreeMap<>();
      for (Fields each : document.objects("base", PACKAGES_MAX)) {
        base.put(each.text("package"), each.sha256("manifest_sha256"));
      }
      return new Delta(
          base,
          (int) document.integer("blobs", 0, Integer.MAX_VALUE),
          document.integer("bytes", 0, Long.MAX_VALUE));
    } catch (JsonException e) {
      throw new RefusedException(new MalformedManifest(FILE, String.valueOf(e.getMessage())));
    }
  }

  /** Canonical JSON. */
  public byte[] encode() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT);
    document.put("blobs", blobs);
    document.put("bytes", bytes);
    ArrayNode array = document.putArray("base");
    for (Map.Entry<String, Sha256> each : base.entrySet()) {
      array.addObject().put("package", each.getKey()).put("manifest_sha256", each.getValue().hex());
    }
    return CanonicalJson.encodeOwn(document);
  }
}
