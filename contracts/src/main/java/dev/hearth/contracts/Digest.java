package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits, in OCI's notation
 */
public record Digest(@JsonValue String value) {

  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Digest {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a digest must be sha256: and 64 lower-case hexadecimal digits, but is " + value);
    }
  }

  /** Creates a digest from its 64 hexadecimal digits. */
  public static Digest ofHex(String hex) {
    return new Digest("sha256:" + hex);
  }

  /** Returns the 64 hexadecimal digits without the algorithm's name. */
  public String hex() {
    return value.substring("sha256:".length());
  }

  @Override
  public String toString() {
    return value;
  }
}
