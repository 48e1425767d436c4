package dev.hearth.kit.transfer;

import dev.hearth.kit.web.InternalSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Bean that transfers artifacts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ArtifactServiceSettings.class, InternalSettings.class})
public class TransferConfiguration {

  @Bean
  ArtifactTransfer artifactTransfer(ArtifactServiceSettings settings, InternalSettings internal) {
    return new ArtifactTransfer(settings, internal.token());
  }
}
