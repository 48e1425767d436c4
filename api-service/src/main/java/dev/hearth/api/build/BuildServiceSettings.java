package dev.hearth.api.build;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the build-service is.
 *
 * @param url its address
 */
@Validated
@ConfigurationProperties("hearth.build-service")
record BuildServiceSettings(@DefaultValue("http://127.0.0.1:8081") URI url) {}
