package io.cloister.appliance.http2;

/** What a peer may still send on its connection; half of it is given back at once. */
final class ReceiveWindow {
  private final int size;
  private int left;
  private int released;

  ReceiveWindow(int size) {
    this.size = size;
    this.left = size;
  }

  /** False where the peer sends more than it may. */
  synchronized boolean take(int bytes) {
    left -= bytes;
    return left >= 0;
  }

  /** What to tell the peer that it may send again; 0 for nothing yet. */
  synchronized int release(int bytes) {
    released += bytes;
    if (released < size / 2) {
      return 0;
    }
    int credit = released;
    left += credit;
    released = 0;
    return credit;
  }
}
