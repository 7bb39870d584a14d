package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.NotPostQuantum;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.testing.SigningRepository;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media signed by keys of every kind, from the key files to a machine that installs from them. */
final class KeyKindsTest {
  private static final Clock CLOCK = Clock.fixed(SigningRepository.NOW, ZoneOffset.UTC);

  @TempDir Path folder;

  private String run(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = line.replace("@", folder.toString()).split(" ", -1);
    int exit =
        CloisterRepo.commandLine(
                new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), CLOCK)
            .execute(words);
    assertThat(exit).as(err.toString()).isZero();
    return out.toString();
  }

  @BeforeEach
  void makeContent() throws Exception {
    Path content = Files.createDirectories(folder.resolve("content"));
    Files.writeString(content.resolve("golden.json"), "{}");
  }

  /** One key of each kind, and every role needs them all. */
  private Medium publish(String... kinds) throws RefusedException {
    StringBuilder roles = new StringBuilder();
    StringBuilder keys = new StringBuilder();
    for (String kind : kinds) {
      String file = " @/keys/" + kind + ".pem";
      run("key generate --kind " + kind + file);
      keys.append(" --key").append(file);
      for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
        roles.append(" --").append(role).append(file);
      }
    }
    for (String again : List.of("", "-again")) {
      run("init @/repository" + again + roles);
      run("add @/repository" + again + " @/content --kind model --name digits --version 1.0.0");
      run("sign @/repository" + again + keys);
      run("publish @/repository" + again + " @/medium" + again);
    }
    run("inspect @/medium");
    return Medium.folder(folder.resolve("medium"));
  }

  private MediumClient client(Medium medium, SignaturePolicy policy) throws RefusedException {
    Anchor root = new Anchor.RootFile(folder.resolve("repository/metadata/1.root.json"));
    TrustStore trust = TrustStore.at(folder.resolve("trust"), root);
    trust.setPolicy(new SitePolicy(policy, Duration.ZERO), SigningRepository.NOW);
    return MediumClient.open(medium, trust, SigningRepository.NOW);
  }

  private static void accept(MediumClient client) throws RefusedException {
    Catalog catalog = client.refresh();
    client.verifyAll(catalog, Progress.SILENT);
    client.persist();
  }

  @Test
  void aMediumThatKeysOfAllKindsSignedIsAcceptedAgainAndAgain() throws Exception {
    Medium medium = publish("ed25519", "ecdsa", "rsa", "ml-dsa-87");
    for (SignaturePolicy policy : SignaturePolicy.values()) {
      accept(client(medium, policy));
      accept(client(medium, policy));
    }
    assertThat(client(medium, SignaturePolicy.THRESHOLD).refresh().provenance().keyIds())
        .hasSize(4);
    assertThat(KeyJourneyTest.contents(folder.resolve("medium-again")))
        .as("the same keys sign the same bytes")
        .isEqualTo(KeyJourneyTest.contents(folder.resolve("medium")));
    assertThat(Files.readString(folder.resolve("medium/metadata/1.root.json")))
        .as("the line breaks of PEM are escaped")
        .doesNotContain("\n")
        .contains("PUBLIC KEY-----\\n");
  }

  @Test
  void aClassicalMediumIsRefusedWhereASiteAsksForMoreThoughItWasAcceptedBefore() throws Exception {
    Medium medium = publish("ed25519", "ecdsa");
    accept(client(medium, SignaturePolicy.THRESHOLD));
    MediumClient strict = client(medium, SignaturePolicy.POST_QUANTUM_REQUIRED);
    RefusedException refused = catchThrowableOfType(RefusedException.class, strict::refresh);
    assertThat(refused.refusal()).isInstanceOf(NotPostQuantum.class);
  }
}
