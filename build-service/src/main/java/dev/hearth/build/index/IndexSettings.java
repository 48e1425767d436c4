package dev.hearth.build.index;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Storage of logins for package indexes.
 *
 * @param key key that encrypts the passwords; stored passwords cannot be read without it
 */
@Validated
@ConfigurationProperties("build.index")
record IndexSettings(@NotBlank String key) {

  @Override
  public String toString() {
    return "IndexSettings[]";
  }
}
