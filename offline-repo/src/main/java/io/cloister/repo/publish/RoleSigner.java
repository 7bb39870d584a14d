package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.UnknownKey;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes and signs the next versions of a repository's roles. */
final class RoleSigner {
  /** A root is renewed by a ceremony, so it lasts longer than the roles it names. */
  private static final int ROOT_FACTOR = 5;

  private final RoleFiles files;
  private final RepositoryState state;
  private final RoleContent content;
  private final Duration lifetime;
  private final Instant now;

  RoleSigner(Workspace workspace, Instant now) throws RefusedException, IOException {
    this.files = workspace.files();
    this.state = new RepositoryState(files);
    this.content = new RoleContent(files, state, workspace.packages());
    this.lifetime = workspace.lifetime();
    this.now = now;
  }

  /**
   * Signs what the keys may sign, each role after those it depends on.
   *
   * @param keys by where each came from, which a refusal names
   * @param renew makes new versions even of unchanged roles, but never of root
   */
  void sign(Map<String, SigningKey> keys, boolean renew) throws RefusedException, IOException {
    checkKeysAreKnown(keys);
    Collection<SigningKey> signers = keys.values();
    countersignRoot(signers);
    for (RoleName role : state.names()) {
      if (!role.equals(RoleName.ROOT)) {
        sign(role, signers, renew);
      }
    }
  }

  void countersignRoot(Collection<SigningKey> signers) throws RefusedException, IOException {
    Optional<Signed<?>> staged = files.findStaged(RoleName.ROOT);
    if (staged.isPresent()) {
      settle(RoleName.ROOT, countersigned(RoleName.ROOT, staged.get(), signers));
    }
  }

  private void sign(RoleName role, Collection<SigningKey> signers, boolean renew)
      throws RefusedException, IOException {
    Authority authority = state.authority(role);
    List<SigningKey> own = signers.stream().filter(key -> authority.knows(id(key))).toList();
    Optional<Signed<?>> staged = findStaged(role);
    boolean again = renew && staged.isPresent() && haveAllSigned(staged.get(), own);
    Optional<Signed<?>> next =
        staged.isPresent() && !again ? staged : findNext(role, renew && !own.isEmpty());
    if (!own.isEmpty() && next.isPresent()) {
      settle(role, countersigned(role, next.get(), own));
    }
  }

  private static boolean haveAllSigned(Signed<?> file, List<SigningKey> keys) {
    Set<String> ids = new TreeSet<>();
    file.signatures().forEach(each -> ids.add(each.keyId()));
    return keys.stream().allMatch(key -> ids.contains(id(key)));
  }

  /** What waits for signatures and still says what it should. */
  Optional<Signed<?>> findStaged(RoleName role) throws RefusedException, IOException {
    Optional<Function<Common, Role>> wanted = content.find(role);
    return files
        .findStaged(role)
        .filter(each -> wanted.isPresent() && RoleContent.isSame(wanted.get(), each));
  }

  /** A next version, unsigned; empty where none is needed or none can be made yet. */
  Optional<Signed<?>> findNext(RoleName role, boolean renew) throws RefusedException, IOException {
    Optional<Function<Common, Role>> wanted = content.find(role);
    Optional<Signed<?>> newest = files.findNewest(role);
    if (wanted.isEmpty() || (!renew && isSettled(role, wanted.get(), newest))) {
      return Optional.empty();
    }
    long version = newest.map(Signed::version).orElse(0L) + 1;
    return Optional.of(Signed.of(wanted.get().apply(common(role, version)), List.of()));
  }

  private boolean isSettled(
      RoleName role, Function<Common, Role> wanted, Optional<Signed<?>> newest)
      throws RefusedException, IOException {
    return newest.isPresent()
        && RoleContent.isSame(wanted, newest.get())
        && state.authority(role).isSatisfiedBy(newest.get());
  }

  Common common(RoleName role, long version) {
    Duration lasts = role.equals(RoleName.ROOT) ? lifetime.multipliedBy(ROOT_FACTOR) : lifetime;
    return Common.of(version, now, now.plus(lasts));
  }

  private Signed<?> countersigned(RoleName role, Signed<?> file, Collection<SigningKey> signers)
      throws RefusedException, IOException {
    Authority authority = state.authority(role);
    return countersigned(file, signers.stream().filter(key -> authority.knows(id(key))).toList());
  }

  /** Without signing twice with one key. */
  static Signed<?> countersigned(Signed<?> file, List<SigningKey> signers) {
    List<Signature> signatures = new ArrayList<>(file.signatures());
    for (SigningKey key : signers) {
      if (signatures.stream().noneMatch(each -> each.keyId().equals(id(key)))) {
        signatures.add(key.sign(file.canonical()));
      }
    }
    return file.withSignatures(signatures);
  }

  /** Into force with enough signatures, else it waits for more. */
  void settle(RoleName role, Signed<?> next) throws RefusedException, IOException {
    if (state.authority(role).isSatisfiedBy(next)) {
      files.promote(role, next);
    } else {
      files.stage(role, next);
    }
  }

  private void checkKeysAreKnown(Map<String, SigningKey> keys)
      throws RefusedException, IOException {
    Set<String> known = new TreeSet<>(state.root().keys().keySet());
    known.addAll(state.wantedRoot().keys().keySet());
    state.wantedDelegations().ifPresent(each -> known.addAll(each.keys().keySet()));
    state
        .inForceTargets()
        .flatMap(each -> each.delegations())
        .ifPresent(each -> known.addAll(each.keys().keySet()));
    for (Map.Entry<String, SigningKey> source : keys.entrySet()) {
      if (!known.contains(id(source.getValue()))) {
        throw new RefusedException(
            new UnknownKey(source.getKey(), id(source.getValue()), String.join(", ", known)));
      }
    }
  }

  private static String id(SigningKey key) {
    return key.key().id();
  }
}
