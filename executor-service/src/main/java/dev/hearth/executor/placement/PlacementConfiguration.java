package dev.hearth.executor.placement;

import dev.hearth.contracts.events.PlacementCommand;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code placements}. */
@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

  @Bean
  Consumer<Message<byte[]>> placements(EventConsumers consumers, Placements placements) {
    return consumers.of(
        PlacementCommand.class,
        command -> {
          switch (command) {
            case StartPlacement start -> placements.start(start);
            // A stop waits for calls, for which the next command must not wait.
            case StopPlacement stop -> Thread.ofVirtual().start(() -> placements.stop(stop));
          }
        });
  }
}
