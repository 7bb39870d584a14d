package io.cloister.appliance.http2;

/** What a peer may still send on its connection; half of it is given back at once. */
final class ReceiveWindow {
  private final int size;
  private final FrameWriter writer;
  private int left;
  private int released;

  ReceiveWindow(int size, FrameWriter writer) {
    this.size = size;
    this.writer = writer;
    this.left = size;
  }

  /** False where the peer sends more than it may. */
  synchronized boolean take(int bytes) {
    left -= bytes;
    return left >= 0;
  }

  /** The peer may send that many again, and is told once they are many. */
  void release(int bytes) {
    int credit = add(bytes);
    if (credit > 0) {
      writer.number(Frame.Type.WINDOW_UPDATE, 0, credit);
    }
  }

  private synchronized int add(int bytes) {
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
