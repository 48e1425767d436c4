package dev.hearth.artifact.blob;

import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Restricts the service to requests of the platform's services. */
@Configuration(proxyBeanMethods = false)
class BlobConfiguration {

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
