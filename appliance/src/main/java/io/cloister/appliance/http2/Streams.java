package io.cloister.appliance.http2;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The requests of a connection that are not answered yet. One that its caller gave up counts until
 * its thread has ended, so that giving up makes no room for more work than others have.
 */
final class Streams {
  private static final Logger LOG = System.getLogger(Streams.class.getName());

  /** At a time, told to the peer as SETTINGS_MAX_CONCURRENT_STREAMS. */
  static final int STREAMS_MAX = 128;

  private static final int RESETS_MAX = 500;
  private static final byte[] NOTHING = {};

  private final Http2Connection connection;
  private final FrameWriter writer;
  private final StreamHandler handler;
  private final Executor executor;
  private final Map<Integer, Http2Stream> live = new ConcurrentHashMap<>();
  private final Calm resets = new Calm(RESETS_MAX);
  private volatile int last;

  /** Number of the newest one that was seen, taken or not. */
  private int newest;

  private volatile boolean refusing;

  Streams(
      Http2Connection connection, FrameWriter writer, StreamHandler handler, Executor executor) {
    this.connection = connection;
    this.writer = writer;
    this.handler = handler;
    this.executor = executor;
  }

  Collection<Http2Stream> all() {
    return live.values();
  }

  boolean isEmpty() {
    return live.isEmpty();
  }

  /** Number of the newest one. */
  int last() {
    return last;
  }

  /** What comes from now on is not answered: its caller was told to go elsewhere. */
  int refuseNew() {
    refusing = true;
    return last;
  }

  boolean refusesNew() {
    return refusing;
  }

  /** Empty where it has ended; frames of it may still be on their way (RFC 9113 §5.1). */
  Optional<Http2Stream> find(int id) throws ConnectionFault {
    if (id > newest || id % 2 == 0) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "stream " + id + " never began");
    }
    return Optional.ofNullable(live.get(id));
  }

  /** A header block: of a new request, or trailers, which mean nothing here. */
  void headers(int id, List<Field> fields, boolean complete) throws ConnectionFault {
    if (id > newest) {
      open(id, fields, complete);
      return;
    }
    if (!complete || fields.stream().anyMatch(Field::isPseudo)) {
      throw new ConnectionFault(
          ErrorCode.PROTOCOL_ERROR,
          "header fields within a request, or of stream %d again".formatted(id));
    }
    Http2Stream known = live.get(id);
    if (known == null) {
      resets.count("trailers of requests that have ended");
    } else if (known.add(NOTHING, 0, true)) {
      checkLength(known);
    } else {
      throw new ConnectionFault(ErrorCode.STREAM_CLOSED, "header fields after a request");
    }
  }

  /** Sends away a request that is not as long as its head says (RFC 9113 §8.1.1). */
  void checkLength(Http2Stream stream) throws ConnectionFault {
    if (!stream.ended() && !stream.isAsLongAsAnnounced()) {
      endFor(stream, ErrorCode.PROTOCOL_ERROR);
    }
  }

  private void open(int id, List<Field> fields, boolean complete) throws ConnectionFault {
    if (id % 2 == 0) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "stream " + id + " is not a client's");
    }
    newest = id;
    if (refusing) {
      return;
    }
    last = id;
    Optional<RequestHead> head = RequestHead.of(fields);
    if (head.isEmpty() || live.size() >= STREAMS_MAX) {
      refuse(id, head.isEmpty() ? ErrorCode.PROTOCOL_ERROR : ErrorCode.REFUSED_STREAM);
      return;
    }
    Http2Stream stream = new Http2Stream(connection, id, head.get());
    writer.begin(stream);
    if (complete) {
      var _ = stream.add(NOTHING, 0, true);
      if (!stream.isAsLongAsAnnounced()) {
        refuse(id, ErrorCode.PROTOCOL_ERROR);
        return;
      }
    }
    live.put(id, stream);
    try {
      executor.execute(() -> run(stream));
    } catch (RejectedExecutionException e) {
      live.remove(id);
      refuse(id, ErrorCode.REFUSED_STREAM);
    }
  }

  private void refuse(int id, ErrorCode code) throws ConnectionFault {
    resets.count("refused requests");
    writer.reset(id, code);
  }

  private void run(Http2Stream stream) {
    try {
      handler.handle(stream);
    } catch (RuntimeException e) {
      LOG.log(stream.ended() ? Level.DEBUG : Level.ERROR, "a request ended in a defect", e);
    } finally {
      stream.finish();
      if (!stream.ended() && !(stream.answered() && stream.complete())) {
        // Its caller need not send the rest (RFC 9113 §8.1).
        writer.reset(stream.id(), stream.answered() ? ErrorCode.NO_ERROR : ErrorCode.CANCEL);
      }
      live.remove(stream.id());
      connection.ended();
    }
  }

  /** Its caller does not want the answer any more. */
  void reset(int id) throws ConnectionFault {
    Optional<Http2Stream> found = find(id);
    resets.count("requests that were given up");
    found.ifPresent(Http2Stream::end);
    writer.wake();
  }

  /** Sends it away. */
  void endFor(Http2Stream stream, ErrorCode code) throws ConnectionFault {
    refuse(stream.id(), code);
    stream.end();
    writer.wake();
  }

  void endAll() {
    live.values().forEach(Http2Stream::end);
  }

  /** Whether there is work that does not wait for the caller. */
  boolean busy() {
    return live.values().stream().anyMatch(stream -> !stream.waits());
  }
}
