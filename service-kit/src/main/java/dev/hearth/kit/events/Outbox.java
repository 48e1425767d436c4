package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Where an event is left together with the change of state that it tells of: same database, same
 * transaction.
 */
public class Outbox {

  private final JdbcClient jdbc;
  private final EventCodec codec;
  private final OutboxRelay relay;

  Outbox(JdbcClient jdbc, EventCodec codec, OutboxRelay relay) {
    this.jdbc = jdbc;
    this.codec = codec;
    this.relay = relay;
  }

  /** Leaves the event in the caller's transaction; the relay sends it after the commit. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(HearthEvent event) {
    jdbc.sql(
            """
            INSERT INTO outbox (event_id, topic, key, type, payload)
            VALUES (:id, :topic, :key, :type, :payload)
            """)
        .param("id", UUID.randomUUID())
        .param("topic", event.topic())
        .param("key", event.key())
        .param("type", EventCodec.type(event))
        .param("payload", codec.payload(event))
        .update();
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            relay.wake();
          }
        });
  }
}
