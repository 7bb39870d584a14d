package io.cloister.appliance.text;

/** What one request to a text pipeline may hold. */
public final class TextLimits {
  /** Texts run one by one, so that many would keep a worker from everybody else's requests. */
  public static final int TEXTS_MAX = 256;

  /** The tokenizer keeps about 200 bytes of heap per token until the text is done. */
  public static final int TEXT_BYTES_MAX = 64 << 10;

  private TextLimits() {}
}
