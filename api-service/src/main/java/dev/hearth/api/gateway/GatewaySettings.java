package dev.hearth.api.gateway;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the gateway treats calls.
 *
 * @param patience how long a call waits for a function that has no ready instance
 */
@Validated
@ConfigurationProperties("api.gateway")
record GatewaySettings(@DefaultValue("30s") Duration patience) {}
