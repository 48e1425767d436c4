package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits, as OCI writes it
 */
public record Digest(@JsonValue String value) {

  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Digest {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a digest is sha256: and 64 hexadecimal digits but is " + value);
    }
  }

  /** Wraps the 64 hexadecimal digits of a SHA-256. */
  public static Digest ofHex(String hex) {
    return new Digest("sha256:" + hex);
  }

  /** Returns the 64 digits without the algorithm's name. */
  public String hex() {
    return value.substring("sha256:".length());
  }

  @Override
  public String toString() {
    return value;
  }
}
