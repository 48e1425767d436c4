package dev.hearth.artifact.blob;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The S3-compatible store.
 *
 * @param endpoint its address, as services and nodes reach it (signed addresses begin with it)
 * @param accessKey who we are there
 * @param secretKey our secret there
 * @param bucket made when it is missing
 * @param signatureLifetime how long a signed address may be used
 */
@Validated
@ConfigurationProperties("hearth.store")
public record StoreSettings(
    @DefaultValue("http://127.0.0.1:9000") URI endpoint,
    @NotBlank String accessKey,
    @NotBlank String secretKey,
    @DefaultValue("hearth") String bucket,
    @DefaultValue("15m") Duration signatureLifetime) {

  @Override
  public String toString() {
    return "StoreSettings[endpoint=%s, bucket=%s]".formatted(endpoint, bucket);
  }
}
