package io.cloister.repo.conformance;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Unreadable;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/** Reads files below a URL. */
final class HttpRepository {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final String base;

  HttpRepository(String base) {
    this.base = base.endsWith("/") ? base : base + "/";
  }

  /** The bytes of a file that may be absent, answered by 404 or, as some stores do, by 403. */
  Optional<byte[]> find(String name, int bytesMax) throws RefusedException {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(base + name).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      return switch (connection.getResponseCode()) {
        case 200 -> Optional.of(read(connection, name, bytesMax));
        case 403, 404 -> Optional.empty();
        default -> throw new IOException("HTTP status " + connection.getResponseCode());
      };
    } catch (IOException e) {
      throw new RefusedException(new Unreadable(Where.of(name), 0, e.toString()));
    }
  }

  byte[] read(String name, int bytesMax) throws RefusedException {
    return find(name, bytesMax)
        .orElseThrow(() -> new RefusedException(new MissingFile(Where.of(name))));
  }

  private static byte[] read(HttpURLConnection connection, String name, int bytesMax)
      throws IOException, RefusedException {
    try (InputStream stream = connection.getInputStream()) {
      byte[] bytes = stream.readNBytes(bytesMax);
      if (stream.read() >= 0) {
        throw new RefusedException(new TooLong(Where.of(name), bytesMax));
      }
      return bytes;
    }
  }
}
