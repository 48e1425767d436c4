package dev.hearth.api.gateway;

import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.RouteEvent;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.kit.events.EventConsumers;
import dev.hearth.kit.events.EventPublisher;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/**
 * Binds the topic {@code routes}. Its consumer only updates the table in memory and never waits, so
 * that a route takes effect without the database and the control API.
 */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

  @Bean
  RouteAcknowledgements routeAcknowledgements(
      GatewaySettings settings, EventPublisher publisher, InstantSource clock) {
    return new RouteAcknowledgements(
        new GatewayRef(settings.name(), UUID.randomUUID()), publisher::publish, clock);
  }

  @Bean
  Consumer<Message<byte[]>> routes(
      EventConsumers consumers,
      RouteTable table,
      RouteAcknowledgements acknowledgements,
      GatewayWarmer warmer) {
    return consumers.of(
        RouteEvent.class,
        event -> {
          switch (event) {
            case RoutePublished route -> {
              table.put(route);
              acknowledgements.acknowledge(route.revision().function(), route.generation());
              warmer.warm(route);
            }
          }
        });
  }
}
