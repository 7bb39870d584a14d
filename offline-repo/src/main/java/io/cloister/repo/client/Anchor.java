package io.cloister.repo.client;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.RootFileUnreadable;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the first trust comes from: it must reach the machine by another way than the medium. */
public sealed interface Anchor {
  String DIGEST = "sha256:";

  /** A {@code root.json} of any version. */
  record RootFile(Path file) implements Anchor {

    /** Its bytes; of a file that is too long only the start, which is no metadata. */
    byte[] read() throws RefusedException {
      try (InputStream stream = Files.newInputStream(file)) {
        return stream.readNBytes(RoleType.ROOT.bytesMax());
      } catch (IOException e) {
        throw new RefusedException(new RootFileUnreadable(file.toString(), words(e)));
      }
    }

    private static String words(IOException fault) {
      return switch (fault) {
        case NoSuchFileException _ -> "no such file";
        case AccessDeniedException _ ->
            "permission denied for user " + System.getProperty("user.name", "");
        default -> String.valueOf(fault.getMessage());
      };
    }
  }

  /** The digest of the medium's {@code metadata/1.root.json}, e.g. from the vendor's letter. */
  record RootDigest(Sha256 sha256) implements Anchor {}

  /** As typed: {@code sha256:HEX} or a file. Throws IllegalArgumentException on a bad digest. */
  static Anchor parse(String text) {
    return text.startsWith(DIGEST)
        ? new RootDigest(new Sha256(text.substring(DIGEST.length())))
        : new RootFile(Path.of(text));
  }
}
