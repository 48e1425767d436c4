package dev.hearth.kit.transfer;

import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to the artifact-service.
 *
 * @param url address of the service
 * @param transferTimeout longest duration of one upload or download
 */
@Validated
@ConfigurationProperties("hearth.artifact-service")
record ArtifactServiceSettings(
    @DefaultValue("http://127.0.0.1:8082") URI url,
    @DurationMin(millis = 1) @DefaultValue("5m") Duration transferTimeout) {}
