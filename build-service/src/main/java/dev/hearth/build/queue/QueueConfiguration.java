package dev.hearth.build.queue;

import dev.hearth.contracts.events.RevisionEvent;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.kit.events.EventConsumers;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topic {@code revisions}. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

  @Bean
  Consumer<Message<byte[]>> revisions(
      EventConsumers consumers, BuildQueue queue, BuildWorkers workers) {
    return consumers.of(
        RevisionEvent.class,
        event -> {
          switch (event) {
            case RevisionUploaded uploaded -> {
              queue.add(uploaded);
              workers.wake();
            }
          }
        });
  }
}
