package dev.hearth.kit.events;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Carries events from the outbox to Kafka, in the order in which they were left there.
 *
 * <p>The relay is woken after each commit and looks by itself once a second. A crash between
 * sending and removing an event sends it again: consumers are idempotent. Why no library:
 * docs/adr/0003.
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

  /** Lets the relay look at once. */
  void wake() {
    wakeUps.release();
  }

  @Override
  public void start() {
    // Stored before it runs: the loop ends when the thread is not the stored one.
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
          log.trace("another full batch");
        }
        if (wakeUps.tryAcquire(1, TimeUnit.SECONDS)) {
          wakeUps.drainPermits();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
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

  /** Sends one batch and returns how many events that were. */
  int relay() {
    return table.relay(BATCH, this::send);
  }

  /** Sends an event; one that the broker will never take must not hold up the others. */
  private void send(OutboxTable.Entry entry) {
    try {
      sender.send(entry.topic(), codec.message(entry.envelope(), entry.key(), entry.payload()));
    } catch (RuntimeException failed) {
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
