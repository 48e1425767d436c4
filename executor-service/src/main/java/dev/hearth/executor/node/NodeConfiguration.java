package dev.hearth.executor.node;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides the clock for intervals. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

  @Bean
  Ticker ticker() {
    return Ticker.system();
  }
}
