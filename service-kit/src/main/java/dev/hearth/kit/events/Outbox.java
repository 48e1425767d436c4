package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactional outbox: stores an event in the same transaction as the change of state that it
 * reports.
 */
public class Outbox {

  private final OutboxTable table;
  private final EventCodec codec;
  private final OutboxRelay relay;

  Outbox(OutboxTable table, EventCodec codec, OutboxRelay relay) {
    this.table = table;
    this.codec = codec;
    this.relay = relay;
  }

  /** Stores an event in the caller's transaction; the relay sends it after the commit. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(HearthEvent event) {
    table.append(
        new OutboxTable.Entry(
            Envelope.of(event), event.topic(), event.key(), codec.payload(event)));
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            relay.wake();
          }
        });
  }
}
