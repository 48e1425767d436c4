package dev.hearth.api.gateway;

import dev.hearth.api.tenant.ApiKeys;
import dev.hearth.kit.dispatch.FunctionClient;
import dev.hearth.kit.dispatch.NearNodes;
import dev.hearth.kit.dispatch.Patience;
import dev.hearth.kit.web.CallServer;
import dev.hearth.kit.web.InternalSettings;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Installs the gateway in front of Spring. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

  @Bean
  NearNodes nearNodes() {
    return new NearNodes();
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> gatewayHandler(
      RouteTable routes,
      ApiKeys keys,
      InternalSettings internal,
      CallMetrics metrics,
      NearNodes near,
      GatewaySettings settings) {
    return factory ->
        CallServer.takeCalls(
            factory,
            next ->
                new GatewayHandler(
                    next,
                    new FunctionClient(
                        routes,
                        near,
                        internal.token(),
                        new Patience(settings.patience(), settings.nodePatience())),
                    routes,
                    keys::tenant,
                    internal,
                    metrics,
                    new TrustedProxies(settings.trustedProxies())));
  }
}
