package io.cloister.appliance.worker;

import io.cloister.appliance.worker.RunException.Kind;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Heap of the server for what workers send, until it is with those who asked: a share for all
 * workers, of which one answer may take half.
 */
final class AnswerRoom {
  private static final int HEAP_SHARE = 4;
  private static final int ANSWER_SHARE = 2;

  /** The heap is one, whoever started the workers. */
  static final AnswerRoom OF_THIS_PROCESS = new AnswerRoom(Runtime.getRuntime().maxMemory());

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  AnswerRoom(long heapBytes) {
    this.bytesMax = heapBytes / HEAP_SHARE;
  }

  /**
   * Takes what an answer needs more.
   *
   * @param all that the answer needs
   */
  void take(long bytes, long all) throws AnswerTooLong {
    if (all > bytesMax / ANSWER_SHARE) {
      throw new AnswerTooLong(
          Kind.MODEL,
          ("its answer takes more than the %d bytes of the server's memory that one may; ask for"
                  + " fewer rows at a time")
              .formatted(bytesMax / ANSWER_SHARE));
    }
    if (taken.addAndGet(bytes) > bytesMax) {
      taken.addAndGet(-bytes);
      throw new AnswerTooLong(
          Kind.NO_ROOM, "other answers leave no room for the %d bytes of this one".formatted(all));
    }
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
