package io.cloister.repo.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.keys.SigningKey;
import java.util.List;
import java.util.function.Consumer;

/**
 * A role that targets delegates to.
 *
 * @param keys all of which must sign
 * @param signers who did
 * @param names whether it names the packages of the medium; else it names nothing
 * @param rule puts which paths it may name, and {@code terminating}
 */
public record Delegation(
    String role,
    List<SigningKey> keys,
    List<SigningKey> signers,
    boolean names,
    Consumer<ObjectNode> rule) {
  public Delegation {
    keys = List.copyOf(keys);
    signers = List.copyOf(signers);
  }

  /** Signed by all of its keys; it names nothing, and may not. */
  public static Delegation of(String role, SigningKey... keys) {
    return new Delegation(role, List.of(keys), List.of(keys), false, _ -> {});
  }

  public Delegation naming() {
    return new Delegation(role, keys, signers, true, rule);
  }

  public Delegation signedBy(SigningKey... others) {
    return new Delegation(role, keys, List.of(others), names, rule);
  }

  public Delegation with(Consumer<ObjectNode> paths) {
    return new Delegation(role, keys, signers, names, paths);
  }
}
