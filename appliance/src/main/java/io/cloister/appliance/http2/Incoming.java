package io.cloister.appliance.http2;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a peer sends: a preface, then frames. */
final class Incoming {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final DataReader in;

  Incoming(DataReader in) {
    this.in = in;
  }

  void expectPreface() throws ConnectionFault {
    if (!Arrays.equals(in.readBytes(PREFACE.length), PREFACE)) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "no preface (RFC 9113 §3.4)");
    }
  }

  Frame read() throws ConnectionFault {
    return Frame.read(in);
  }

  /**
   * The next frame; empty once nothing was heard for as long as a connection may be silent.
   *
   * @param busy whether it is the peer who waits
   */
  Optional<Frame> next(BooleanSupplier busy) throws ConnectionFault {
    while (true) {
      try {
        in.ensureAvailable();
        break;
      } catch (ServerConnectionException e) {
        if (!isTimeout(e)) {
          throw e;
        }
        if (!busy.getAsBoolean()) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(read());
  }

  private static boolean isTimeout(ServerConnectionException e) {
    return e.getCause() instanceof UncheckedIOException read
        && read.getCause() instanceof SocketTimeoutException;
  }
}
