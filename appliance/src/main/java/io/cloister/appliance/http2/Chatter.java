package io.cloister.appliance.http2;

/**
 * Frames that bring nothing: each may cost more here than there, so that they are few. A frame of
 * an answer gives cause for some.
 */
final class Chatter {
  private static final int MOST = 1000;

  /** PING and WINDOW_UPDATE that a client may send for a frame of an answer. */
  private static final int CAUSED_MAX = 4;

  private final Calm calm = new Calm(MOST);
  private final FrameWriter writer;
  private long answerFrames;

  Chatter(FrameWriter writer) {
    this.writer = writer;
  }

  /** One more of them. */
  void count() throws ConnectionFault {
    long sent = writer.answerFrames();
    calm.forgive(CAUSED_MAX * (sent - answerFrames));
    answerFrames = sent;
    calm.count("frames without content");
  }
}
