package dev.hearth.executor.instance;

import dev.hearth.contracts.events.PlacementCommand;
import dev.hearth.contracts.events.PlacementCommand.StartInstance;
import dev.hearth.contracts.events.PlacementCommand.StopInstance;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code placements}. */
@Configuration(proxyBeanMethods = false)
class InstanceConfiguration {

  @Bean
  Consumer<Message<byte[]>> placements(EventConsumers consumers, InstanceSupervisor instances) {
    return consumers.of(
        PlacementCommand.class,
        command -> {
          switch (command) {
            case StartInstance start -> instances.start(start);
            // Ending waits for calls; the next command need not.
            case StopInstance stop -> Thread.ofVirtual().start(() -> stop(instances, stop));
          }
        });
  }

  private static void stop(InstanceSupervisor instances, StopInstance command) {
    try {
      instances.stop(command);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
