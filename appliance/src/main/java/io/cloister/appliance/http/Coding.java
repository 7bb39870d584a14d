package io.cloister.appliance.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** How a body is compressed (RFC 9110 §8.4.1, RFC 1952, RFC 1950). */
public enum Coding {
  GZIP,

  /** With the zlib header, as RFC 9110 §8.4.1.2 means it. */
  DEFLATE;

  private static final int BUFFER = 8 << 10;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How the request's body is compressed; another way, or several, is refused with 415. */
  static Optional<Coding> ofBody(Headers headers) {
    if (!headers.contains(HeaderNames.CONTENT_ENCODING)) {
      return Optional.empty();
    }
    List<String> named =
        elements(headers, HeaderNames.CONTENT_ENCODING)
            .filter(name -> !is("identity", name))
            .toList();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    return find(named.getFirst())
        .filter(found -> named.size() == 1)
        .or(
            () -> {
              throw new HttpException(
                      "the body's Content-Encoding is %s; send gzip, deflate, or none"
                          .formatted(String.join(", ", named)),
                      Status.UNSUPPORTED_MEDIA_TYPE_415,
                      true)
                  .header(HeaderValues.create(HeaderNames.ACCEPT_ENCODING, "gzip, deflate"));
            });
  }

  /** One that the caller asks for by name; "*" and a quality of 0 ask for none. */
  static Optional<Coding> wanted(Headers headers) {
    if (!headers.contains(HeaderNames.ACCEPT_ENCODING)) {
      return Optional.empty();
    }
    return elements(headers, HeaderNames.ACCEPT_ENCODING)
        .map(element -> element.split(";", 2))
        .filter(parts -> parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?"))
        .flatMap(parts -> find(parts[0].strip()).stream())
        .findFirst();
  }

  private static Stream<String> elements(Headers headers, HeaderName name) {
    return headers.get(name).allValues(true).stream().map(String::strip);
  }

  /** The one of that name. */
  public static Optional<Coding> find(String name) {
    return Stream.of(values())
        .filter(coding -> is(coding.text(), name) || is("x-" + coding.text(), name))
        .findFirst();
  }

  private static boolean is(String text, String name) {
    return text.equalsIgnoreCase(name);
  }

  /** What was compressed so. */
  public InputStream decode(InputStream compressed) throws IOException {
    return switch (this) {
      case GZIP -> new GZIPInputStream(compressed, BUFFER);
      case DEFLATE -> new InflaterInputStream(compressed);
    };
  }

  /** Its end ends what it writes to. */
  OutputStream encoder(OutputStream out) throws IOException {
    return switch (this) {
      case GZIP -> new FastGzip(out);
      case DEFLATE -> new FastDeflate(out);
    };
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private static final class FastDeflate extends DeflaterOutputStream {
    FastDeflate(OutputStream out) {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
