package io.cloister.appliance.http;

import io.cloister.appliance.http2.Storage;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bodies that are in memory now, on all listeners, and what is answered to them: together they
 * take a bounded share of the heap, whoever sent them, and each has to arrive in time.
 */
public final class RequestBodies implements Storage, AutoCloseable {
  /** Heap that a byte of the worst JSON takes: a short text is an object of its own. */
  static final int HEAP_PER_BYTE = 16;

  /**
   * They may take that part of the heap; workers' answers, connections and all else have the rest.
   */
  private static final int HEAP_SHARE = 2;

  /** Helidon hands over a chunk when all of it is there, however long it is and takes. */
  private static final int CHUNKED_AT_ONCE = 2;

  private static final String SETTING =
      "limits.request_bytes in cloister.yaml; send fewer rows at a time";
  private static final String SHORT = "the most for this path";

  private final long bytesMax;
  private final long heapBytesMax;
  private final Duration time;
  private final AtomicLong taken = new AtomicLong();
  private final Semaphore chunked = new Semaphore(CHUNKED_AT_ONCE, true);
  private final Set<RequestBody> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("request bodies").factory());

  /**
   * @param bytesMax of one body
   * @param heapBytes of this process
   * @param time from the first byte asked for to the last
   */
  public RequestBodies(long bytesMax, long heapBytes, Duration time) {
    this.bytesMax = bytesMax;
    this.heapBytesMax = Math.max(bytesMax * HEAP_PER_BYTE, heapBytes / HEAP_SHARE);
    this.time = time;
    var _ = watch.scheduleWithFixedDelay(this::endOverdue, 1, 1, TimeUnit.SECONDS);
  }

  /** A body of at most what {@code limits.request_bytes} says; to be closed after the answer. */
  public RequestBody open(ServerRequest request) {
    return open(request, bytesMax, SETTING);
  }

  /** A body of at most that many bytes, where a form needs few. */
  public RequestBody openShort(ServerRequest request, int shortBytesMax) {
    return open(request, shortBytesMax, SHORT);
  }

  /** Refuses with 413 at once when the length is declared, else where the limit is passed. */
  private RequestBody open(ServerRequest request, long most, String advice) {
    if (request.headers().contentLength().orElse(0) > most) {
      throw tooLong(most, advice);
    }
    RequestBody body = new RequestBody(this, request, most, () -> tooLong(most, advice));
    if (request.headers().contains(HeaderValues.TRANSFER_ENCODING_CHUNKED)) {
      awaitTurn();
      body.onRead(chunked::release);
    }
    open.add(body);
    return body;
  }

  /** Heap for one request; to be closed. */
  public HeapShare share() {
    return new HeapShare(this);
  }

  public long bytesMax() {
    return bytesMax;
  }

  /** From the first byte of a body to its last. */
  public Duration time() {
    return time;
  }

  /** What is longer than that many bytes. */
  public HttpException tooLong(long most) {
    return tooLong(most, most == bytesMax ? SETTING : SHORT);
  }

  private void awaitTurn() {
    try {
      if (chunked.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw busy();
  }

  private static HttpException tooLong(long most, String advice) {
    return new HttpException(words(most, advice), Status.REQUEST_ENTITY_TOO_LARGE_413, true);
  }

  private static String words(long most, String advice) {
    return "the request body is longer than the %d bytes this appliance takes (%s)"
        .formatted(most, advice);
  }

  static String tooLongWords(long bytesMax) {
    return words(bytesMax, SETTING);
  }

  private HttpException busy() {
    return new HttpException(
            "the requests that this appliance has now take up its memory for them; try again in 1 s",
            Status.SERVICE_UNAVAILABLE_503,
            true)
        .header(HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
  }

  /**
   * Refuses where there is no room.
   *
   * @param held by the same request, these included
   */
  void take(long heapBytes, long held) {
    if (!tryTake(heapBytes)) {
      throw held > heapBytesMax ? answerTooLong() : busy();
    }
  }

  /** A body alone has room: there is as much as the longest takes. */
  private HttpException answerTooLong() {
    return new HttpException(
        ("this request and its answer take more than the %d bytes of memory that all requests have"
                + " together; ask for fewer rows or outputs at a time, or for binary outputs, which"
                + " are shorter than JSON (POST /v2/models/…/infer with \"parameters\":"
                + " {\"binary_data_output\": true})")
            .formatted(heapBytesMax),
        Status.REQUEST_ENTITY_TOO_LARGE_413,
        true);
  }

  @Override
  public boolean tryTake(long heapBytes) {
    return taken.addAndGet(heapBytes) <= heapBytesMax;
  }

  @Override
  public void giveBack(long heapBytes) {
    taken.addAndGet(-heapBytes);
  }

  void closed(RequestBody body) {
    open.remove(body);
  }

  private void endOverdue() {
    open.forEach(body -> body.endIfOverdue(time));
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
