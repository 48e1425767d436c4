package dev.hearth.artifact.blob;

import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Admits requests from Hearth's own services only. */
@Configuration(proxyBeanMethods = false)
class BlobConfiguration {

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
