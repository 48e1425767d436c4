package dev.hearth.kit.web;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Configures the HTTP server of every service: strict HTTP, errors as problems. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, ProblemErrorController.class})
public class WebConfiguration {

  @Bean
  WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> strictServer() {
    return ServerRules::apply;
  }

  @Bean
  TraceFilter traceFilter() {
    return new TraceFilter();
  }
}
