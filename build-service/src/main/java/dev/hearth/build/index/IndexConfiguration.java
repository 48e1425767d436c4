package dev.hearth.build.index;

import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Closes the service to all but our own. */
@Configuration(proxyBeanMethods = false)
class IndexConfiguration {

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
