package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** Of new metadata; {@link #bytes} is the canonical form as JSON. */
  public static <T extends Role> Signed<T> of(T role, List<Signature> signatures) {
    try {
      byte[] canonical = CanonicalJson.encode(role.encode());
      return new Signed<>(role, canonical, signatures, file(canonical, signatures));
    } catch (JsonException e) {
      throw new IllegalArgumentException("the role has no canonical form", e);
    }
  }

  /** The same role with other signatures; what is signed stays, unknown fields included. */
  public Signed<T> withSignatures(List<Signature> others) {
    try {
      return new Signed<>(role, canonical, others, file(canonical, others));
    } catch (JsonException e) {
      throw new IllegalArgumentException("a signature has no canonical form", e);
    }
  }

  private static byte[] file(byte[] canonical, List<Signature> signatures) throws JsonException {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    signatures.forEach(each -> list.addObject().put("keyid", each.keyId()).put("sig", each.sig()));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("{\"signatures\":".getBytes(StandardCharsets.UTF_8));
    file.writeBytes(CanonicalJson.escaped(CanonicalJson.encode(list)));
    file.writeBytes(",\"signed\":".getBytes(StandardCharsets.UTF_8));
    file.writeBytes(CanonicalJson.escaped(canonical));
    file.write('}');
    return file.toByteArray();
  }

  private static <T extends Role> Signed<T> parse(
      byte[] bytes, String file, RoleType type, RoleParser<T> parser) throws RefusedException {
    try {
      Fields envelope = Fields.of(StrictJson.parse(bytes));
      Fields signed = envelope.object("signed");
      checkHeader(signed, type, file);
      List<Signature> signatures = signatures(envelope);
      byte[] canonical = CanonicalJson.encode(signed.node());
      return new Signed<>(parser.parse(signed), canonical, signatures, bytes.clone());
    } catch (JsonException e) {
      throw new RefusedException(
          new TrustRefusal.MalformedMetadata(file, String.valueOf(e.getMessage())));
    }
  }

  /** TUF 1.0.34 §4.2.1: a key id must be unique among the signatures, valid or not. */
  private static List<Signature> signatures(Fields envelope) throws JsonException {
    List<Signature> signatures = new ArrayList<>();
    Set<String> keyIds = new HashSet<>();
    for (Fields each : envelope.objects("signatures", SIGNATURES_MAX)) {
      Signature signature = new Signature(each.text("keyid"), each.text("sig"));
      if (!keyIds.add(signature.keyId())) {
        throw new JsonException(each.path() + " has the key id of an earlier signature");
      }
      signatures.add(signature);
    }
    return signatures;
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
