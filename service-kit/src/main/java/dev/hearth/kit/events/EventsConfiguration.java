package dev.hearth.kit.events;

import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Wires what every service has; {@link OutboxConfiguration} adds what needs a database. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

  @Bean
  EventCodec eventCodec(JsonMapper json) {
    return new EventCodec(json);
  }

  @Bean
  EventConsumers eventConsumers(EventCodec codec) {
    return new EventConsumers(codec);
  }

  @Bean
  EventPublisher eventPublisher(StreamBridge bridge, EventCodec codec) {
    return new EventPublisher(bridge, codec);
  }
}
