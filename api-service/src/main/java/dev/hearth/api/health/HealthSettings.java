package dev.hearth.api.health;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whom to ask.
 *
 * @param brokers the broker, as the binder knows it
 * @param services name and address of each other service
 */
@Validated
@ConfigurationProperties("api.health")
record HealthSettings(@NotBlank String brokers, @DefaultValue Map<String, URI> services) {}
