package io.cloister.repo.onnx;

/** A file that no appliance serves; the message says why, in one line safe to print. */
public final class OnnxRefused extends Exception {
  private static final long serialVersionUID = 1;

  OnnxRefused(String reason) {
    super(reason);
  }

  /** Why. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
