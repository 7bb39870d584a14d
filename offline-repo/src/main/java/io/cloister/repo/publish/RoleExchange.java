package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.OtherContent;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Roles out to where their keys lie, and signatures back in. */
public final class RoleExchange {
  private final Workspace workspace;
  private final RoleFiles files;
  private final RepositoryState state;
  private final Instant now;

  /**
   * @param now goes into roles that are made anew, whole seconds
   */
  public RoleExchange(Workspace workspace, Instant now) {
    this.workspace = workspace;
    this.files = workspace.files();
    this.state = new RepositoryState(files);
    this.now = now;
  }

  /**
   * What came back.
   *
   * @param added how many signatures were new and valid
   * @param ignored how many were neither here nor valid
   */
  public record Imported(int added, int ignored, RoleStatus status) {}

  /**
   * The next version of a role, which from now on waits for signatures; the same one as long as
   * what it should say stays.
   *
   * @param renew makes one of an unchanged role too, to put off its expiry
   */
  public RoleFile exportRole(RoleName role, boolean renew) throws RefusedException {
    return FileWork.in(
        workspace.folder(),
        () -> {
          checkKnown(role);
          RoleSigner signer = new RoleSigner(workspace, now);
          Optional<Signed<?>> next = signer.findStaged(role);
          if (next.isEmpty()) {
            next = signer.findNext(role, renew);
            if (next.isEmpty()) {
              throw nothingWaits(role);
            }
            files.stage(role, next.get());
          }
          return new RoleFile(role, next.get(), files.findNewest(role), findDelegator(role));
        });
  }

  private Optional<Signed<?>> findDelegator(RoleName role) throws RefusedException, IOException {
    if (role.equals(RoleName.ROOT)) {
      return Optional.empty();
    }
    RoleName above = role.topLevel().isPresent() ? RoleName.ROOT : RoleName.TARGETS;
    Optional<Signed<?>> inForce = files.findNewest(above);
    if (inForce.isPresent()
        && (above.equals(RoleName.ROOT) || RepositoryState.isDelegatedBy(inForce.get(), role))) {
      return inForce;
    }
    return files.findStaged(above);
  }

  /** Takes the valid signatures; with enough of them the role is in force. */
  public Imported importRole(RoleFile offered, String file) throws RefusedException {
    return FileWork.in(
        workspace.folder(),
        () -> {
          RoleName role = offered.role();
          checkKnown(role);
          Optional<Signed<?>> staged = files.findStaged(role);
          Signed<?> waiting =
              (staged.isPresent() ? staged : files.findNewest(role))
                  .orElseThrow(() -> nothingWaits(role));
          checkSame(waiting, offered, file);
          return staged.isPresent()
              ? merge(role, waiting, offered.next())
              : new Imported(0, 0, RoleStatus.of(role, false, waiting, inForceAuthority(role)));
        });
  }

  private Imported merge(RoleName role, Signed<?> waiting, Signed<?> offered)
      throws RefusedException, IOException {
    Authority authority = state.authority(role);
    List<Signature> signatures = new ArrayList<>(authority.valid(waiting));
    List<String> known = signatures.stream().map(Signature::keyId).toList();
    List<Signature> fresh =
        offered.signatures().stream().filter(each -> !known.contains(each.keyId())).toList();
    List<Signature> valid =
        authority.valid(offered).stream().filter(each -> !known.contains(each.keyId())).toList();
    signatures.addAll(valid);
    Signed<?> merged = waiting.withSignatures(signatures);
    boolean whole = authority.isSatisfiedBy(merged);
    RoleStatus status = RoleStatus.of(role, !whole, merged, authority);
    new RoleSigner(workspace, now).settle(role, merged);
    return new Imported(valid.size(), fresh.size() - valid.size(), status);
  }

  private Authority inForceAuthority(RoleName role) throws RefusedException, IOException {
    return role.equals(RoleName.ROOT) ? state.inForceRootAuthority() : state.authority(role);
  }

  private static void checkSame(Signed<?> waiting, RoleFile offered, String file)
      throws RefusedException {
    if (!Arrays.equals(waiting.canonical(), offered.next().canonical())) {
      throw new RefusedException(
          new OtherContent(file, offered.role().text(), words(waiting), words(offered.next())));
    }
  }

  private static String words(Signed<?> file) {
    return "version %d, sha256 %s".formatted(file.version(), Sha256.of(file.canonical()));
  }

  private void checkKnown(RoleName role) throws RefusedException, IOException {
    List<RoleName> known = state.names();
    if (!known.contains(role)) {
      throw new RefusedException(new UnknownRole(role.text(), known.toString()));
    }
  }

  private RefusedException nothingWaits(RoleName role) {
    return new RefusedException(
        new BadRepository(
            workspace.folder().toString(),
            "nothing of %s waits for a signature; --renew puts off its expiry".formatted(role)));
  }
}
