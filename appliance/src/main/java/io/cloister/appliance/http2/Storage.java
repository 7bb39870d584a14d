package io.cloister.appliance.http2;

/** Where the bytes that wait to be read are counted. */
public interface Storage {
  /** False where there is no room; they count all the same until they are given back. */
  boolean tryTake(long bytes);

  void giveBack(long bytes);
}
