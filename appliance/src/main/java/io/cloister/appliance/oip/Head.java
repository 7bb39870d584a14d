package io.cloister.appliance.oip;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, as a stream that ends after them. */
final class Head extends FilterInputStream {
  private int left;

  Head(InputStream all, int bytes) {
    super(all);
    this.left = bytes;
  }

  int left() {
    return left;
  }

  @Override
  public int read() throws IOException {
    int next = left == 0 ? -1 : super.read();
    left -= next < 0 ? 0 : 1;
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int got = super.read(buffer, offset, Math.min(length, left));
    left -= Math.max(0, got);
    return got;
  }

  /** What follows is still to be read. */
  @Override
  public void close() {}
}
