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
   * Gives back missing data shards.
   *
   * @param missing their places
   * @param parities as many places of parity shards that are there
   * @param rests those parity shards less the contributions of all data shards that are there; is
   *     used up
   * @return in the order of {@code missing}
   */
  byte[][] solve(List<Integer> missing, List<Integer> parities, byte[][] rests) {
    int count = missing.size();
    int[][] inverse = inverse(missing, parities);
    byte[][] found = new byte[count][];
    for (int i = 0; i < count; i++) {
      found[i] = new byte[rests[i].length];
      for (int j = 0; j < count; j++) {
        GaloisField.addProduct(found[i], inverse[i][j], rests[j]);
      }
    }
    return found;
  }

  /** By elimination; every square part of a Cauchy matrix has an inverse. */
  private int[][] inverse(List<Integer> missing, List<Integer> parities) {
    int count = missing.size();
    int[][] rows = new int[count][2 * count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        rows[i][j] = factor(parities.get(i), missing.get(j));
      }
      rows[i][count + i] = 1;
    }
    for (int column = 0; column < count; column++) {
      pivot(rows, column);
      for (int i = 0; i < count; i++) {
        if (i != column) {
          subtract(rows[i], rows[column], rows[i][column]);
        }
      }
    }
    int[][] inverse = new int[count][];
    for (int i = 0; i < count; i++) {
      inverse[i] = java.util.Arrays.copyOfRange(rows[i], count, 2 * count);
    }
    return inverse;
  }

  private static void pivot(int[][] rows, int column) {
    int at = column;
    while (rows[at][column] == 0) {
      at++;
    }
    int[] row = rows[at];
    rows[at] = rows[column];
    rows[column] = row;
    int factor = GaloisField.inverse(row[column]);
    for (int i = 0; i < row.length; i++) {
      row[i] = GaloisField.multiply(row[i], factor);
    }
  }

  private static void subtract(int[] row, int[] pivot, int factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] ^= GaloisField.multiply(pivot[i], factor);
    }
  }
}
