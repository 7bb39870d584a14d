package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One metadata file: a role and the signatures on it, not yet checked. Keeps the exact bytes, so
 * fields that this program does not know survive.
 */
public final class Signed<T extends Role> {
  private static final Pattern SUPPORTED = Pattern.compile("1\\.[0-9]{1,5}(\\.[0-9]{1,5})?");
  private static final int SIGNATURES_MAX = 256;

  private final T role;
  private final byte[] canonical;
  private final List<Signature> signatures;
  private final byte[] bytes;

  private Signed(T role, byte[] canonical, List<Signature> signatures, byte[] bytes) {
    this.role = role;
    this.canonical = canonical;
    this.signatures = List.copyOf(signatures);
    this.bytes = bytes;
  }

  @FunctionalInterface
  private interface RoleParser<T> {
    T parse(Fields signed) throws JsonException;
  }

  public static Signed<Root> parseRoot(byte[] bytes, String file) throws RefusedException {
    return parse(bytes, file, RoleType.ROOT, Root::parse);
  }

  public static Signed<Timestamp> parseTimestamp(byte[] bytes, String file)
      throws RefusedException {
    return parse(bytes, file, RoleType.TIMESTAMP, Timestamp::parse);
  }

  public static Signed<Snapshot> parseSnapshot(byte[] bytes, String file) throws RefusedException {
    return parse(bytes, file, RoleType.SNAPSHOT, Snapshot::parse);
  }

  public static Signed<Targets> parseTargets(byte[] bytes, String file) throws RefusedException {
    return parse(bytes, file, RoleType.TARGETS, Targets::parse);
  }

  /** Of new metadata; {@link #bytes} is its canonical file. */
  public static <T extends Role> Signed<T> of(T role, List<Signature> signatures) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    ObjectNode signed = role.encode();
    file.set("signed", signed);
    ArrayNode list = file.putArray("signatures");
    signatures.forEach(each -> list.addObject().put("keyid", each.keyId()).put("sig", each.sig()));
    try {
      return new Signed<>(
          role, CanonicalJson.encode(signed), signatures, CanonicalJson.encode(file));
    } catch (JsonException e) {
      throw new IllegalArgumentException("the role has no canonical form", e);
    }
  }

  private static <T extends Role> Signed<T> parse(
      byte[] bytes, String file, RoleType type, RoleParser<T> parser) throws RefusedException {
    try {
      Fields envelope = Fields.of(StrictJson.parse(bytes));
      Fields signed = envelope.object("signed");
      checkHeader(signed, type, file);
      List<Signature> signatures = new ArrayList<>();
      for (Fields each : envelope.objects("signatures", SIGNATURES_MAX)) {
        signatures.add(new Signature(each.text("keyid"), each.text("sig")));
      }
      byte[] canonical = CanonicalJson.encode(signed.node());
      return new Signed<>(parser.parse(signed), canonical, signatures, bytes.clone());
    } catch (JsonException e) {
      throw new RefusedException(
          new TrustRefusal.MalformedMetadata(file, String.valueOf(e.getMessage())));
    }
  }

  /** TUF 1.0.34 §4.3: type and major version of the specification come before everything else. */
  private static void checkHeader(Fields signed, RoleType type, String file)
      throws JsonException, RefusedException {
    String actual = signed.text("_type");
    if (!actual.equals(type.toString())) {
      throw new RefusedException(new TrustRefusal.WrongType(file, type.toString(), actual));
    }
    String spec = signed.text("spec_version");
    if (!SUPPORTED.matcher(spec).matches()) {
      throw new RefusedException(new TrustRefusal.UnsupportedSpec(file, "1.x", spec));
    }
  }

  public T role() {
    return role;
  }

  public long version() {
    return role.version();
  }

  /** What is signed; a copy. */
  public byte[] canonical() {
    return canonical.clone();
  }

  public List<Signature> signatures() {
    return signatures;
  }

  /** The file; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
