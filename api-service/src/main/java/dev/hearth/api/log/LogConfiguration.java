package dev.hearth.api.log;

import dev.hearth.contracts.events.LogEvent;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code logs}. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

  @Bean
  Consumer<Message<byte[]>> logs(EventConsumers consumers, LogStore store) {
    return consumers.of(LogEvent.class, store::add);
  }
}
