package dev.hearth.executor.call;

import dev.hearth.executor.pool.Placements;
import dev.hearth.kit.web.CallServer;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the call handler in front of Spring. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

  @Bean
  WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> callHandler(
      Placements placements, InternalSettings internal) {
    return factory ->
        CallServer.takeCalls(
            factory, next -> new CallHandler(next, placements, internal, new HostProxy()));
  }

  @Bean
  InternalTokenFilter internalTokenFilter(InternalSettings settings) {
    return new InternalTokenFilter(settings);
  }
}
