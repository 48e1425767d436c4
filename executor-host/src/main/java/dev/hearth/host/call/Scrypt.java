package dev.hearth.host.call;

import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.SCrypt;

/** Keys from passwords (RFC 7914), one after the other: each takes much of the heap. */
final class Scrypt {

  private static final long MOST_MEMORY = 64L << 20;

  /** Bytes that are written, or hashed: some seconds, in which nothing can stop it. */
  private static final long MOST_WRITTEN = 1L << 30;

  private static final long MOST_HASHED = 1L << 28;

  private static final Semaphore TURN = new Semaphore(1);

  private Scrypt() {}

  /**
   * Derives a key.
   *
   * @throws IllegalArgumentException when it would take too much; {@code workers._host._compat} has
   *     told users so before
   */
  static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int length) {
    var block = 128L * r;
    if (Math.min(Math.min(n, r), Math.min(p, length)) < 1
        || block * (n + 2L * p + 2) > MOST_MEMORY
        || block * n * p > MOST_WRITTEN
        || block * p / 32 * Math.max(salt.length, length) > MOST_HASHED) {
      throw new IllegalArgumentException("scrypt: too much");
    }
    TURN.acquireUninterruptibly();
    try {
      return SCrypt.generate(password, salt, n, r, p, length);
    } finally {
      TURN.release();
    }
  }
}
