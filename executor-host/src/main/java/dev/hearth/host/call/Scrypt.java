package dev.hearth.host.call;

import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.SCrypt;

/** Derives keys from passwords by scrypt (RFC 7914), one at a time to limit the heap in use. */
final class Scrypt {

  private static final long MOST_MEMORY = 64L << 20;

  /** Limits of bytes written and hashed, worth some seconds of work that nothing can interrupt. */
  private static final long MOST_WRITTEN = 1L << 30;

  private static final long MOST_HASHED = 1L << 28;

  private static final Semaphore TURN = new Semaphore(1);

  private Scrypt() {}

  /**
   * Derives a key.
   *
   * @throws IllegalArgumentException if the parameters need too much memory or time; {@code
   *     workers._host._compat} checks the same limits first, with messages for users
   */
  static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int length) {
    var block = 128L * r;
    if (Math.min(Math.min(n, r), Math.min(p, length)) < 1
        || block * (n + 2L * p + 2) > MOST_MEMORY
        || block * n * p > MOST_WRITTEN
        || block * p / 32 * Math.max(salt.length, length) > MOST_HASHED) {
      throw new IllegalArgumentException(
          "scrypt's parameters need too much memory or time; lower n, r or p");
    }
    TURN.acquireUninterruptibly();
    try {
      return SCrypt.generate(password, salt, n, r, p, length);
    } finally {
      TURN.release();
    }
  }
}
