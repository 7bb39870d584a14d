package io.cloister.repo.media;

/**
 * GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11D) and the generator 2. Addition is
 * exclusive or.
 */
final class GaloisField {
  static final int SIZE = 256;

  private static final int POLYNOMIAL = 0x11D;
  private static final byte[][] PRODUCTS = products();
  private static final int[] INVERSES = inverses();

  private GaloisField() {}

  static int multiply(int a, int b) {
    return PRODUCTS[a][b] & 0xFF;
  }

  /** Of anything but 0. */
  static int inverse(int a) {
    if (a == 0) {
      throw new ArithmeticException("0 has no inverse");
    }
    return INVERSES[a];
  }

  /** {@code sum += factor * bytes}, byte by byte; bytes past the end count as zero. */
  static void addProduct(byte[] sum, int factor, byte[] bytes) {
    byte[] products = PRODUCTS[factor];
    for (int i = 0; i < bytes.length; i++) {
      sum[i] ^= products[bytes[i] & 0xFF];
    }
  }

  private static byte[][] products() {
    byte[][] products = new byte[SIZE][SIZE];
    for (int a = 0; a < SIZE; a++) {
      for (int b = 0; b < SIZE; b++) {
        products[a][b] = (byte) product(a, b);
      }
    }
    return products;
  }

  private static int[] inverses() {
    int[] inverses = new int[SIZE];
    for (int a = 1; a < SIZE; a++) {
      for (int b = 1; b < SIZE; b++) {
        inverses[a] = multiply(a, b) == 1 ? b : inverses[a];
      }
    }
    return inverses;
  }

  private static int product(int a, int b) {
    int product = 0;
    int shifted = a;
    for (int rest = b; rest != 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        product ^= shifted;
      }
      shifted <<= 1;
      if (shifted >= SIZE) {
        shifted ^= POLYNOMIAL;
      }
    }
    return product;
  }
}
