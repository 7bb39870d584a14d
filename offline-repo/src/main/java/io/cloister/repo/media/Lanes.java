package io.cloister.repo.media;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Works on a few blobs at a time: hashing is what takes long. At most {@link #WAITING} wait, so
 * memory is bounded. The first failure ends all.
 */
final class Lanes implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int WAITING = 4;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Queue<Future<?>> waiting = new ArrayDeque<>();
  private final ThreadLocal<byte[]> arrays = ThreadLocal.withInitial(() -> new byte[0]);

  /** One blob's work. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Waits until there is room. */
  void submit(Work work) throws IOException {
    while (waiting.size() >= WAITING) {
      await(waiting.remove());
    }
    waiting.add(
        threads.submit(
            () -> {
              work.run();
              return true;
            }));
  }

  /** For the work that is running here: the next work of its lane gets the same array again. */
  byte[] array(int length) {
    byte[] array = arrays.get();
    if (array.length != length) {
      array = new byte[length];
      arrays.set(array);
    }
    return array;
  }

  /** Waits until all is done. */
  void finish() throws IOException {
    while (!waiting.isEmpty()) {
      await(waiting.remove());
    }
  }

  private static void await(Future<?> work) throws IOException {
    try {
      work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException fault -> throw fault;
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
