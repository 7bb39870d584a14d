package io.cloister.repo.media;

import java.util.List;

/**
 * A systematic Reed-Solomon erasure code over GF(2^8) with a Cauchy matrix (Blömer et al., "An
 * XOR-Based Erasure-Resilient Coding Scheme", ICSI TR-95-048): parity {@code j} is the sum over all
 * data {@code i} of {@code data[i] / ((dataCount + j) XOR i)}. Any {@code dataCount} of all shards
 * give back the others.
 *
 * @param dataCount data shards of a stripe
 * @param parityCount parity shards of a stripe
 */
public record ErasureCode(int dataCount, int parityCount) {
  public ErasureCode {
    if (dataCount < 1 || parityCount < 1 || dataCount + parityCount > GaloisField.SIZE) {
      throw new IllegalArgumentException(
          "%d data and %d parity shards".formatted(dataCount, parityCount));
    }
  }

  private int factor(int parity, int data) {
    return GaloisField.inverse((dataCount + parity) ^ data);
  }

  /** Adds what one data shard contributes to one parity shard. */
  public void add(byte[] paritySum, int parity, int data, byte[] shard) {
    GaloisField.addProduct(paritySum, factor(parity, data), shard);
  }

  /**
   * How much each parity shard weighs in a missing data shard: a row of the inverse of the Cauchy
   * matrix between what is missing and what is used, which has a closed form (Schechter, "On the
   * Inversion of Certain Matrices", MTAC 13, 1959). Addition is subtraction here.
   *
   * @param wanted one of those missing
   * @param missing places of all data shards that are missing
   * @param parities as many places of parity shards that are there
   */
  int[] weights(int wanted, List<Integer> missing, List<Integer> parities) {
    int[] weights = new int[parities.size()];
    for (int i = 0; i < weights.length; i++) {
      int own = dataCount + parities.get(i);
      int above = 1;
      int below = own ^ wanted;
      for (int k = 0; k < weights.length; k++) {
        int other = dataCount + parities.get(k);
        above = GaloisField.multiply(above, other ^ wanted);
        above = GaloisField.multiply(above, own ^ missing.get(k));
        below = GaloisField.multiply(below, k == i ? 1 : own ^ other);
        below = GaloisField.multiply(below, missing.get(k) == wanted ? 1 : wanted ^ missing.get(k));
      }
      weights[i] = GaloisField.multiply(above, GaloisField.inverse(below));
    }
    return weights;
  }

  /** How much a data shard that is there weighs in a missing one, given {@link #weights}. */
  int weight(int data, List<Integer> parities, int[] weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum ^= GaloisField.multiply(weights[i], factor(parities.get(i), data));
    }
    return sum;
  }
}
