package dev.hearth.artifact.blob;

import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Closes the service to all but our own. */
@Configuration(proxyBeanMethods = false)
class BlobConfiguration {

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
