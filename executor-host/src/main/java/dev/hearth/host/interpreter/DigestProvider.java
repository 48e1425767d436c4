package dev.hearth.host.interpreter;

import java.security.MessageDigestSpi;
import java.security.Provider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.util.Memoable;
import org.jspecify.annotations.Nullable;

/**
 * Digests of {@code hashlib} that the JDK lacks, under the names that GraalPy asks for: {@code
 * BLAKE2B-512} for the default size in bits, {@code BLAKE2B-20} for another one in bytes. A class
 * of a digest is loaded at its first use, unlike with the provider of BouncyCastle.
 */
final class DigestProvider extends Provider {

  private static final long serialVersionUID = 1;

  private static final Pattern BLAKE2 = Pattern.compile("BLAKE2([BS])-(\\d{1,3})");

  DigestProvider() {
    super("Hearth", "1", "digests that the JDK lacks");
  }

  @Override
  public @Nullable Service getService(String type, String algorithm) {
    return type.equals("MessageDigest") && isKnown(algorithm)
        ? new DigestService(this, algorithm)
        : null;
  }

  private static boolean isKnown(String algorithm) {
    var name = algorithm.toUpperCase(Locale.ROOT);
    return name.equals("RIPEMD160") || name.equals("SM3") || blake2Bytes(name).isPresent();
  }

  private static Optional<Integer> blake2Bytes(String name) {
    var found = BLAKE2.matcher(name);
    if (!found.matches()) {
      return Optional.empty();
    }
    var most = found.group(1).equals("B") ? 64 : 32;
    var size = Integer.parseInt(found.group(2));
    var bytes = size == most * 8 ? most : size;
    return bytes >= 1 && bytes <= most ? Optional.of(bytes) : Optional.empty();
  }

  private static Digest digest(String algorithm) {
    var name = algorithm.toUpperCase(Locale.ROOT);
    if (name.equals("RIPEMD160")) {
      return new RIPEMD160Digest();
    }
    if (name.equals("SM3")) {
      return new SM3Digest();
    }
    var bits = blake2Bytes(name).orElseThrow() * 8;
    return name.startsWith("BLAKE2B") ? new Blake2bDigest(bits) : new Blake2sDigest(bits);
  }

  private static final class DigestService extends Service {

    DigestService(Provider provider, String algorithm) {
      super(provider, "MessageDigest", algorithm, Spi.class.getName(), List.of(), Map.of());
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new Spi(digest(getAlgorithm()));
    }
  }

  /** A digest of BouncyCastle as the JDK wants it. */
  private static final class Spi extends MessageDigestSpi implements Cloneable {

    private final Digest digest;

    Spi(Digest digest) {
      this.digest = digest;
    }

    @Override
    protected int engineGetDigestLength() {
      return digest.getDigestSize();
    }

    @Override
    protected void engineUpdate(byte input) {
      digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      digest.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      var result = new byte[digest.getDigestSize()];
      digest.doFinal(result, 0);
      return result;
    }

    @Override
    protected void engineReset() {
      digest.reset();
    }

    @Override
    public Object clone() {
      return new Spi(
          switch (digest) {
            case Blake2bDigest blake -> new Blake2bDigest(blake);
            case Blake2sDigest blake -> new Blake2sDigest(blake);
            default -> (Digest) ((Memoable) digest).copy();
          });
    }
  }
}
