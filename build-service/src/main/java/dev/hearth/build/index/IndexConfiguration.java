package dev.hearth.build.index;

import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Admits calls from Hearth's own services only. */
@Configuration(proxyBeanMethods = false)
class IndexConfiguration {

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
