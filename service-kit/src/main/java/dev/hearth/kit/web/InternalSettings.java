package dev.hearth.kit.web;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings that the services of one installation share.
 *
 * @param token secret shared by the services; no default, at least 16 characters
 */
@Validated
@ConfigurationProperties("hearth.internal")
public record InternalSettings(@NotNull @Size(min = 16) String token) {

  /** Compares a text with the secret in constant time. */
  public boolean accepts(@Nullable String presented) {
    return presented != null
        && MessageDigest.isEqual(
            presented.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "InternalSettings[token=…]";
  }
}
