package dev.hearth.kit.transfer;

import dev.hearth.contracts.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HexFormat;
import java.util.Optional;
import org.conscrypt.Conscrypt;

/** Computes SHA-256 digests of files and streams. */
public final class Digests {

  /**
   * BoringSSL's implementation, if the machine has one. The JDK's is slow until C2 has compiled it.
   */
  private static final Optional<Provider> NATIVE =
      Conscrypt.isAvailable() ? Optional.of(Conscrypt.newProvider()) : Optional.empty();

  private Digests() {}

  public static MessageDigest sha256() {
    try {
      return NATIVE.isPresent()
          ? MessageDigest.getInstance("SHA-256", NATIVE.get())
          : MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** Returns the digest of all bytes that were added. */
  public static Digest of(MessageDigest sha256) {
    return Digest.ofHex(HexFormat.of().formatHex(sha256.digest()));
  }

  public static Digest of(Path file) throws IOException {
    var sha256 = sha256();
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      Files.copy(file, out);
    }
    return of(sha256);
  }
}
