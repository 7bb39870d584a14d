package io.cloister.appliance.text;

/** A text that no tokenizer should be given. */
public final class TextRefused extends Exception {
  private static final long serialVersionUID = 1;

  public TextRefused(String reason) {
    super(reason);
  }
}
