package dev.hearth.artifact.publication;

import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code builds}. */
@Configuration(proxyBeanMethods = false)
class PublicationConfiguration {

  @Bean
  Consumer<Message<byte[]>> builds(EventConsumers consumers, Publications publications) {
    return consumers.of(
        BuildEvent.class,
        event -> {
          switch (event) {
            case BuildSucceeded built -> publications.publish(built);
            case BuildStarted _, BuildFailed _ -> {}
          }
        });
  }
}
