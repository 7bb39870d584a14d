package io.cloister.appliance.http;

import io.helidon.http.HttpException;

/** What one request keeps of the heap that all requests share. */
public final class HeapShare implements AutoCloseable {
  private final RequestBodies all;
  private long held;

  HeapShare(RequestBodies all) {
    this.all = all;
  }

  /** Refuses with an {@link HttpException} where there is no room. */
  public void take(long bytes) {
    held += bytes;
    all.take(bytes);
  }

  /** It keeps so much from here on. */
  public void became(long bytes) {
    all.giveBack(held - bytes);
    held = bytes;
  }

  @Override
  public void close() {
    became(0);
  }
}
