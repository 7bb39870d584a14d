package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http.HeapShare;
import java.nio.ByteBuffer;

/**
 * A request's message; what is read from it may be views of the same bytes.
 *
 * @param heap what it keeps of the heap, until it is closed
 */
record Message(ByteBuffer bytes, HeapShare heap) implements AutoCloseable {
  ProtoReader reader() {
    return new ProtoReader(bytes);
  }

  @Override
  public void close() {
    heap.close();
  }
}
