package dev.hearth.artifact.blob;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to the S3-compatible object store.
 *
 * @param endpoint address at which services and nodes reach the store; presigned addresses begin
 *     with it
 * @param accessKey the access key id
 * @param secretKey the secret access key
 * @param bucket the bucket; created if it is missing
 * @param signatureLifetime time for which a presigned address is valid
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
