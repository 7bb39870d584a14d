package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * One delegation (TUF 1.0.34 §4.5): who may sign which target paths.
 *
 * @param name of the role, any text: it never becomes a path, see {@link #fileName}
 * @param terminating whether a path that this delegation matches is not looked for in later ones
 */
public record DelegatedRole(String name, RoleKeys keys, boolean terminating, PathRule paths) {
  private static final String UNRESERVED = "_.-~";
  private static final int FILE_NAME_MAX = 200;

  /** Refuses a name that a top-level role has: its file would take that role's place. */
  public DelegatedRole {
    if (name.isEmpty() || RoleType.find(name).isPresent()) {
      throw new IllegalArgumentException("no name for a delegated role: \"" + name + "\"");
    }
    if (encoded(name).length() > FILE_NAME_MAX) {
      throw new IllegalArgumentException("a delegated role's name is too long for a file name");
    }
  }

  static DelegatedRole parse(Fields role) throws JsonException {
    try {
      return new DelegatedRole(
          role.text("name"),
          RoleKeys.parse(role),
          // Optional in the example of the specification, though not in its grammar.
          role.has("terminating") && role.truth("terminating"),
          PathRule.parse(role));
    } catch (IllegalArgumentException e) {
      throw new JsonException(role.path() + ": " + e.getMessage());
    }
  }

  void encode(ObjectNode role) {
    role.put("name", name).put("terminating", terminating);
    keys.encode(role);
    paths.encode(role);
  }

  /** How snapshot metadata names it. */
  public String metaName() {
    return name + ".json";
  }

  /**
   * The file's name without version. Everything but unreserved characters is percent-encoded (RFC
   * 3986 §2.3), as the reference client does, so that no name leads out of its folder.
   */
  public String fileName() {
    return fileName(name);
  }

  /** The file's name of a role of that name, without version. */
  public static String fileName(String name) {
    return encoded(name) + ".json";
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }
}
