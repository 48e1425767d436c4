package dev.hearth.kit.web;

import jakarta.validation.constraints.Size;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * What services of one installation share.
 *
 * @param token the secret that services show each other; no default, at least 16 characters
 */
@Validated
@ConfigurationProperties("hearth.internal")
public record InternalSettings(@Size(min = 16) String token) {

  /** Whether the text is the secret, in a time that does not depend on where it differs. */
  public boolean accepts(@org.jspecify.annotations.Nullable String presented) {
    return presented != null
        && java.security.MessageDigest.isEqual(
            presented.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "InternalSettings[token=…]";
  }
}
