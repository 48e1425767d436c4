package dev.hearth.kit.events;

import dev.hearth.kit.events.OutboxTable.Entry;
import dev.hearth.kit.events.OutboxTable.Sending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Sends events from the outbox to Kafka. Those with the same key are sent one after the other in
 * the order in which they were stored, others side by side, which the broker receives in batches.
 *
 * <p>The relay is woken after each commit, and also polls once a second. After a crash between
 * sending and deleting an event, the event is sent again; consumers are idempotent. See
 * docs/adr/0003 for why no library is used.
 */
final class OutboxRelay implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int BATCH = 100;

  private final OutboxTable table;
  private final MessageSender sender;
  private final EventCodec codec;
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile @Nullable Thread thread;

  OutboxRelay(OutboxTable table, MessageSender sender, EventCodec codec) {
    this.table = table;
    this.sender = sender;
    this.codec = codec;
  }

  /** Makes the relay poll at once. */
  void wake() {
    wakeUps.release();
  }

  @Override
  public void start() {
    // Stored before it starts, because the loop ends when the thread is not the stored one.
    var made = Thread.ofVirtual().name("outbox-relay").unstarted(this::run);
    thread = made;
    made.start();
  }

  @Override
  public void stop() {
    var running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    while (thread == Thread.currentThread()) {
      try {
        while (relay() == BATCH) {
          log.trace("sent a full batch, sending the next");
        }
        if (wakeUps.tryAcquire(1, TimeUnit.SECONDS)) {
          wakeUps.drainPermits();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
        // Top of the loop: the relay must not end.
        if (thread == Thread.currentThread()) {
          log.atWarn().setCause(failed).log("outbox not relayed, trying again");
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends one batch and returns its number of events. */
  int relay() {
    return table.relay(BATCH, this::send);
  }

  private Sending send(List<Entry> entries) {
    var byKey =
        entries.stream()
            .collect(Collectors.groupingBy(Entry::key, LinkedHashMap::new, Collectors.toList()));
    List<Future<Sending>> sendings;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Closing waits for all of them.
      sendings =
          byKey.values().stream()
              .map(sameKey -> threads.submit(() -> sendInTurn(sameKey)))
              .toList();
    }
    var all = sendings.stream().map(Future::resultNow).toList();
    return new Sending(
        all.stream().flatMap(sending -> sending.sent().stream()).toList(),
        all.stream().flatMap(sending -> sending.failures().stream()).toList());
  }

  /** Sends entries until one fails. */
  private Sending sendInTurn(List<Entry> entries) {
    var sent = new ArrayList<Entry>();
    for (var entry : entries) {
      try {
        send(entry);
      } catch (RuntimeException failed) {
        // Sending may fail in any way; what was sent before is still removed.
        return new Sending(sent, List.of(failed));
      }
      sent.add(entry);
    }
    return new Sending(sent, List.of());
  }

  /**
   * Sends an event. Drops one that is too large for the broker, so that it does not block the
   * others.
   */
  private void send(Entry entry) {
    try {
      sender.send(entry.topic(), codec.message(entry.envelope(), entry.key(), entry.payload()));
    } catch (RuntimeException failed) {
      // The binder wraps what the broker refuses; the cause decides.
      if (!(NestedExceptionUtils.getMostSpecificCause(failed) instanceof RecordTooLargeException)) {
        throw failed;
      }
      log.atError()
          .addKeyValue("type", entry.envelope().type())
          .addKeyValue("key", entry.key())
          .log("event too large, dropped");
    }
  }
}
