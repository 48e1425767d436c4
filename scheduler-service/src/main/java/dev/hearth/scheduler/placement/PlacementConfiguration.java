package dev.hearth.scheduler.placement;

import dev.hearth.contracts.events.ArtifactEvent;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.InstanceEvent;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.NodeEvent;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topics {@code artifacts}, {@code nodes} and {@code instances}. */
@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

  @Bean
  Consumer<Message<byte[]>> artifacts(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        ArtifactEvent.class,
        event -> {
          switch (event) {
            case ArtifactPublished published -> scheduler.published(published);
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> nodes(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        NodeEvent.class,
        event -> {
          switch (event) {
            case NodeHeartbeat beat -> scheduler.heard(beat);
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> instances(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        InstanceEvent.class,
        event -> {
          switch (event) {
            case InstanceReady ready -> scheduler.ready(ready);
            case InstanceFailed failed -> scheduler.failed(failed);
            case ModulesMissed _ -> {}
          }
        });
  }
}
