package dev.hearth.host.call;

import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/** Digests of {@code hashlib} with parameters that no {@code MessageDigest} has. */
final class Digests {

  private Digests() {}

  /**
   * Digests data.
   *
   * @param name {@code blake2b}, {@code blake2s}, {@code shake_128} or {@code shake_256}
   * @param length bytes of the result
   * @param key key of BLAKE2, may be empty
   * @param salt salt of BLAKE2 in its full length
   * @param person personalization of BLAKE2 in its full length
   */
  static byte[] digest(
      String name, byte[] data, int length, byte[] key, byte[] salt, byte[] person) {
    return switch (name) {
      case "blake2b" -> finish(new Blake2bDigest(key, length, salt, person), data, length);
      case "blake2s" -> finish(new Blake2sDigest(key, length, salt, person), data, length);
      case "shake_128" -> shake(128, data, length);
      case "shake_256" -> shake(256, data, length);
      default -> throw new IllegalArgumentException("unknown digest " + name);
    };
  }

  private static byte[] finish(Digest digest, byte[] data, int length) {
    var result = new byte[length];
    digest.update(data, 0, data.length);
    digest.doFinal(result, 0);
    return result;
  }

  private static byte[] shake(int bits, byte[] data, int length) {
    var digest = new SHAKEDigest(bits);
    var result = new byte[length];
    digest.update(data, 0, data.length);
    digest.doFinal(result, 0, length);
    return result;
  }
}
