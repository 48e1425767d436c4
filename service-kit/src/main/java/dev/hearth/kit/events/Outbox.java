package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.util.List;
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
    append(List.of(event));
  }

  /** Stores events in their order, as {@link #append(HearthEvent)} does for one. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void append(List<? extends HearthEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    table.append(events.stream().map(this::entry).toList());
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            relay.wake();
          }
        });
  }

  private OutboxTable.Entry entry(HearthEvent event) {
    return new OutboxTable.Entry(
        Envelope.of(event), event.topic(), event.key(), codec.payload(event));
  }
}
