package dev.hearth.build.index;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How logins for package indexes are kept.
 *
 * @param key what their passwords are encrypted with; without it they are lost
 */
@Validated
@ConfigurationProperties("build.index")
record IndexSettings(@NotBlank String key) {

  @Override
  public String toString() {
    return "IndexSettings[]";
  }
}
