package dev.hearth.api.health;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Components whose health is checked.
 *
 * @param brokers addresses of the broker, host:port, separated by commas
 * @param services address of each other service by its name
 */
@Validated
@ConfigurationProperties("api.health")
record HealthSettings(@NotBlank String brokers, @DefaultValue Map<String, URI> services) {}
