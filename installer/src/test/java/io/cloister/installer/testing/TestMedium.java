package io.cloister.installer.testing;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.Version;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Publication;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.publish.Workspace;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A vendor with a repository, who makes a new medium whenever something was added. */
public final class TestMedium {
  public static final Instant SIGNED = Instant.parse("2026-05-30T08:00:00Z");

  private final Path folder;
  private final Workspace workspace;
  private final SigningKey key;
  private int media;
  private boolean published;

  public TestMedium(Path folder) throws RefusedException {
    this(folder, SigningKey.generate(new SecureRandom()));
  }

  private TestMedium(Path folder, SigningKey key) throws RefusedException {
    this.folder = folder;
    this.key = key;
    Map<RoleType, List<SigningKey>> keys = new EnumMap<>(RoleType.class);
    for (RoleType role : RoleType.values()) {
      keys.put(role, List.of(key));
    }
    Path repository = folder.resolve("repository");
    workspace = SigningRepository.workspace(repository, keys, SigningRepository.LIFETIME, SIGNED);
  }

  /** The same vendor with an empty repository: he made a mistake. */
  public TestMedium again(Path other) throws RefusedException {
    return new TestMedium(other, key);
  }

  /** The newest medium. */
  public Path folder() throws RefusedException {
    if (!published) {
      workspace.sign(Map.of("vendor.pem", key), SIGNED, false);
      media++;
      new Publication(workspace, SIGNED)
          .publish(folder.resolve("medium" + media), Optional.empty());
      published = true;
    }
    return folder.resolve("medium" + media);
  }

  /** The next medium has newer signatures, and nothing else that is new. */
  public TestMedium renew() throws RefusedException {
    workspace.sign(Map.of("vendor.pem", key), SIGNED.plusSeconds(1), true);
    published = false;
    return this;
  }

  /** The same in another form, at a path that did not exist. */
  public Path publish(String name, PublishOptions options) throws RefusedException {
    folder();
    Path out = folder.resolve(name);
    new Publication(workspace, SIGNED).publish(out, options);
    return out;
  }

  /** What the vendor's letter says. */
  public String anchor() throws IOException {
    byte[] root = Files.readAllBytes(workspace.folder().resolve("metadata/1.root.json"));
    return "sha256:" + Sha256.of(root);
  }

  public TestMedium add(Kind kind, String name, String version, Path content)
      throws RefusedException {
    workspace.add(content, new PackageId(kind, name, Version.parse(version)), SIGNED);
    published = false;
    return this;
  }
}
