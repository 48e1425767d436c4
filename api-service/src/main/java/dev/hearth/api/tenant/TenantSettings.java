package dev.hearth.api.tenant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The operator's tenant, which exists from the first start.
 *
 * @param name the tenant's name
 * @param key the tenant's API key, at least 24 characters; no default
 */
@Validated
@ConfigurationProperties("api.tenant")
record TenantSettings(
    @NotBlank @DefaultValue("default") String name, @NotNull @Size(min = 24) String key) {

  @Override
  public String toString() {
    return "TenantSettings[name=" + name + "]";
  }
}
