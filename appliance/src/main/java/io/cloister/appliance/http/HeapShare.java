package io.cloister.appliance.http;

import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import java.util.List;

/** What one request keeps of the heap that all requests share, its answer included. */
public final class HeapShare implements AutoCloseable {
  private final RequestBodies all;
  private long held;

  HeapShare(RequestBodies all) {
    this.all = all;
  }

  /** Refuses with an {@link HttpException} where there is no room. */
  public void take(long bytes) {
    held += bytes;
    all.take(bytes, held);
  }

  /** Likewise, what a model answered. */
  public void take(List<Tensor> tensors) {
    take(heapBytes(tensors));
  }

  private static long heapBytes(List<Tensor> tensors) {
    return tensors.stream().mapToLong(Tensor::heapBytes).sum();
  }

  /** What was taken for a model's answer. */
  public void giveBack(List<Tensor> tensors) {
    giveBack(heapBytes(tensors));
  }

  public void giveBack(long bytes) {
    became(held - bytes);
  }

  /** It keeps so much from here on. */
  public void became(long bytes) {
    all.giveBack(held - bytes);
    held = bytes;
  }

  @Override
  public void close() {
    became(0);
  }
}
