package dev.hearth.kit.transfer;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connection to the artifact-service.
 *
 * @param url the address of the service
 */
@Validated
@ConfigurationProperties("hearth.artifact-service")
record ArtifactServiceSettings(@DefaultValue("http://127.0.0.1:8082") URI url) {}
