package dev.hearth.api.gateway;

import dev.hearth.api.revision.RevisionProgress;
import dev.hearth.api.tenant.ApiKeys;
import dev.hearth.contracts.events.RouteEvent;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.kit.dispatch.FunctionClient;
import dev.hearth.kit.dispatch.NearNodes;
import dev.hearth.kit.dispatch.Patience;
import dev.hearth.kit.events.EventConsumers;
import dev.hearth.kit.web.CallServer;
import dev.hearth.kit.web.InternalSettings;
import java.util.function.Consumer;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code routes} and installs the gateway in front of Spring. */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

  /**
   * First the table and the way there, then the state that users wait for: a live revision takes
   * calls at once.
   */
  @Bean
  Consumer<Message<byte[]>> routes(
      EventConsumers consumers, RouteTable table, GatewayWarmer warmer, RevisionProgress progress) {
    return consumers.of(
        RouteEvent.class,
        event -> {
          switch (event) {
            case RoutePublished route -> {
              table.put(route);
              warmer.warm(route);
              progress.routed(route);
            }
          }
        });
  }

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
                    metrics));
  }
}
