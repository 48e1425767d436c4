package dev.hearth.api.build;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to the build-service.
 *
 * @param url the address of the service
 */
@Validated
@ConfigurationProperties("hearth.build-service")
record BuildServiceSettings(@DefaultValue("http://127.0.0.1:8081") URI url) {}
