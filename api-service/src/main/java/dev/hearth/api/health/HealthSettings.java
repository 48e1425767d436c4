package dev.hearth.api.health;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Components whose health is checked.
 *
 * @param brokers addresses of the broker, host:port, separated by commas
 * @param services addresses of the other services by name
 * @param patience longest time in which a component may answer
 */
@Validated
@ConfigurationProperties("api.health")
record HealthSettings(
    @NotBlank String brokers,
    @DefaultValue Map<String, URI> services,
    @DurationMin(millis = 1) @DefaultValue("2s") Duration patience) {}
