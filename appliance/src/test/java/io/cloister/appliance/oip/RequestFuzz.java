package io.cloister.appliance.oip;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.RequestBodies;
import io.helidon.http.HttpException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;

/** Whatever body comes over REST, it is read, or refused in words. */
final class RequestFuzz {
  private static final RequestBodies BODIES =
      new RequestBodies(1 << 20, 64 << 20, Duration.ofSeconds(1));

  /** Two bytes say where the JSON ends, as the header would; 0 for a body of JSON alone. */
  @FuzzTest(maxDuration = "10s")
  void inferBody(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    int jsonBytes = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    var body = new ByteArrayInputStream(Arrays.copyOfRange(bytes, 2, bytes.length));
    try (HeapShare heap = BODIES.share()) {
      InferBody read =
          InferBody.read(
              body,
              jsonBytes == 0 ? OptionalInt.empty() : OptionalInt.of(jsonBytes),
              () -> {},
              heap);
      if (read.heapBytes() < 0) {
        throw new IllegalStateException("tensors of fewer bytes than none");
      }
    } catch (HttpException e) {
      if (e.status().code() >= 500 || String.valueOf(e.getMessage()).isBlank()) {
        throw new IllegalStateException("refused without a reason", e);
      }
    }
  }
}
