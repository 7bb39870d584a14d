package io.cloister.appliance.http2;

/** Answers requests; each has a virtual thread of its own, interrupted when its caller leaves. */
@FunctionalInterface
public interface StreamHandler {
  void handle(Http2Stream stream);
}
