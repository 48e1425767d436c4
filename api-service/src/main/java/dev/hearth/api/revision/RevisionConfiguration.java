package dev.hearth.api.revision;

import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.InstanceEvent;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.ReleaseEvent;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topics {@code builds}, {@code instances} and {@code releases}. */
@Configuration(proxyBeanMethods = false)
class RevisionConfiguration {

  @Bean
  Consumer<Message<byte[]>> builds(EventConsumers consumers, RevisionProgress progress) {
    return consumers.of(BuildEvent.class, progress::heard);
  }

  @Bean
  Consumer<Message<byte[]>> instances(EventConsumers consumers, RevisionProgress progress) {
    return consumers.of(
        InstanceEvent.class,
        event -> {
          switch (event) {
            case InstanceReady ready -> progress.heard(ready);
            case ModulesMissed missed -> progress.heard(missed);
            case InstanceFailed _ -> {} // The scheduler decides about it.
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> releases(EventConsumers consumers, RevisionProgress progress) {
    return consumers.of(ReleaseEvent.class, progress::heard);
  }
}
