package io.cloister.appliance.oip;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.helidon.http.HttpException;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.OptionalInt;

/** Whatever body comes over REST, it is read, or refused in words. */
final class RequestFuzz {

  /** Two bytes say where the JSON ends, as the header would; 0 for a body of JSON alone. */
  @FuzzTest(maxDuration = "20s")
  void inferBody(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    int jsonBytes = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    var body = new ByteArrayInputStream(Arrays.copyOfRange(bytes, 2, bytes.length));
    try {
      InferBody read =
          InferBody.read(
              body, jsonBytes == 0 ? OptionalInt.empty() : OptionalInt.of(jsonBytes), () -> {});
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
