package io.cloister.appliance.text;

import java.nio.FloatBuffer;

/** From one vector per token to one vector per text. */
public final class Pooling {
  private Pooling() {}

  /**
   * The mean of the vectors whose mask is not 0: sentence-transformers' mean pooling.
   *
   * @param hidden as many vectors as the mask is long, one after the other
   */
  public static float[] mean(FloatBuffer hidden, long[] mask, int dimensions) {
    float[] sum = new float[dimensions];
    float[] vector = new float[dimensions];
    int counted = 0;
    for (long taken : mask) {
      hidden.get(vector);
      if (taken == 0) {
        continue;
      }
      counted++;
      for (int i = 0; i < dimensions; i++) {
        sum[i] += vector[i];
      }
    }
    scale(sum, 1.0 / Math.max(1, counted));
    return sum;
  }

  /** Scales to length 1 in place; a zero vector stays as it is. */
  public static void normalize(float[] vector) {
    double square = 0;
    for (float element : vector) {
      square += (double) element * element;
    }
    scale(vector, 1.0 / Math.max(Math.sqrt(square), 1e-12));
  }

  private static void scale(float[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
  }
}
