package dev.hearth.kit.events;

import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * Beans to publish and consume events; {@link OutboxConfiguration} adds those that need a database.
 */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

  @Bean
  EventCodec eventCodec(JsonMapper json, Environment environment) {
    return new EventCodec(json, environment.getProperty("spring.application.name", "hearth"));
  }

  @Bean
  EventConsumers eventConsumers(EventCodec codec) {
    return new EventConsumers(codec);
  }

  @Bean
  MessageSender messageSender(StreamBridge bridge) {
    return (topic, message) -> {
      if (!bridge.send(topic, message)) {
        throw new IllegalStateException("the broker did not accept a message of topic " + topic);
      }
    };
  }

  @Bean
  EventPublisher eventPublisher(MessageSender sender, EventCodec codec) {
    return new EventPublisher(sender, codec);
  }
}
