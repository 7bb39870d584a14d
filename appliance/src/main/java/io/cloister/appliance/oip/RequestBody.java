package io.cloister.appliance.oip;

import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that ends with an answer, not with a full memory, at the limit. */
public final class RequestBody {
  private RequestBody() {}

  static String tooLarge(long bytesMax) {
    return ("the request body is longer than the %d bytes this appliance takes"
            + " (limits.request_bytes in cloister.yaml); send fewer rows at a time")
        .formatted(bytesMax);
  }

  /** Refuses with 413 at once when the length is declared, else where the limit is passed. */
  public static InputStream open(ServerRequest request, long bytesMax) {
    if (request.headers().contentLength().orElse(0) > bytesMax) {
      throw refusal(bytesMax);
    }
    if (!request.content().hasEntity()) {
      return InputStream.nullInputStream();
    }
    return new Limited(request.content().inputStream(), bytesMax);
  }

  private static HttpException refusal(long bytesMax) {
    return new HttpException(tooLarge(bytesMax), Status.REQUEST_ENTITY_TOO_LARGE_413, true);
  }

  private static final class Limited extends FilterInputStream {
    private final long bytesMax;
    private long count;

    Limited(InputStream in, long bytesMax) {
      super(in);
      this.bytesMax = bytesMax;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = super.read(buffer, offset, length);
      count(Math.max(0, got));
      return got;
    }

    private void count(int bytes) {
      count += bytes;
      if (count > bytesMax) {
        throw refusal(bytesMax);
      }
    }
  }
}
