package io.cloister.appliance.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/** Who asks on the operator's socket: lines of JSON in and out. */
final class Peer {
  private static final int LINE_BYTES_MAX = 64 << 10;

  private final SocketChannel channel;
  private final InputStream in;
  private final ReentrantLock writeLock = new ReentrantLock();

  Peer(SocketChannel channel) {
    this.channel = channel;
    this.in = Channels.newInputStream(channel);
  }

  byte[] readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
      if (line.size() > LINE_BYTES_MAX) {
        throw new IOException("a command is at most " + LINE_BYTES_MAX + " bytes");
      }
    }
    return line.toByteArray();
  }

  void write(byte[] line) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    writeLock.lock();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      writeLock.unlock();
    }
  }

  /** Does that when the peer ends its side of the connection: nobody waits for the answer then. */
  void onEnd(Runnable action) {
    Thread.ofVirtual()
        .name("operator's end")
        .start(
            () -> {
              try {
                while (in.read() >= 0) {
                  // What it sends after its command is nobody's.
                }
              } catch (IOException e) {
                // It is gone, or the answer was written and the connection closed here.
              }
              action.run();
            });
  }
}
