package dev.hearth.executor.call;

import dev.hearth.executor.placement.Placements;
import dev.hearth.kit.web.CallServer;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.InternalTokenFilter;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Installs the call handler in front of Spring's servlets. */
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
