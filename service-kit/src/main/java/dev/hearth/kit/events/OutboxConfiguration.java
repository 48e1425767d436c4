package dev.hearth.kit.events;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the outbox where there is a database. */
@AutoConfiguration(after = {JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class})
@ConditionalOnBean(JdbcClient.class)
public class OutboxConfiguration {

  @Bean
  OutboxRelay outboxRelay(JdbcClient jdbc, TransactionTemplate transaction, StreamBridge bridge) {
    return new OutboxRelay(jdbc, transaction, bridge);
  }

  @Bean
  Outbox outbox(JdbcClient jdbc, EventCodec codec, OutboxRelay relay) {
    return new Outbox(jdbc, codec, relay);
  }
}
