package dev.hearth.kit.events;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans of the outbox, for services with a database. */
@AutoConfiguration(after = {JdbcClientAutoConfiguration.class, TransactionAutoConfiguration.class})
@ConditionalOnBean(JdbcClient.class)
public class OutboxConfiguration {

  @Bean
  OutboxTable outboxTable(NamedParameterJdbcOperations jdbc, TransactionTemplate transaction) {
    return new JdbcOutboxTable(jdbc, transaction);
  }

  @Bean
  OutboxRelay outboxRelay(OutboxTable table, MessageSender sender, EventCodec codec) {
    return new OutboxRelay(table, sender, codec);
  }

  @Bean
  Outbox outbox(OutboxTable table, EventCodec codec, OutboxRelay relay) {
    return new Outbox(table, codec, relay);
  }
}
