package dev.hearth.kit.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.Message;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries events from the outbox table to Kafka, in the order in which they were left there.
 *
 * <p>One relay works at a time for a schema (an advisory lock that ends with the transaction), so
 * order needs no partitions and a killed service leaves nothing to time out. It is woken after each
 * commit and looks by itself once a second. A crash between send and commit sends again: consumers
 * are idempotent. Why no library: docs/adr/0003.
 */
final class OutboxRelay implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int BATCH = 100;

  private record Entry(
      long id, UUID eventId, String topic, String key, String type, String payload) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final StreamBridge bridge;
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile @Nullable Thread thread;

  OutboxRelay(JdbcClient jdbc, TransactionTemplate transaction, StreamBridge bridge) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.bridge = bridge;
  }

  void wake() {
    wakeUps.release();
  }

  @Override
  public void start() {
    // Known before it runs: the loop ends when the thread is not the known one.
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
        while (drain() == BATCH) {
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

  private int drain() {
    Integer sent = transaction.execute(_ -> sendBatch());
    return sent == null ? 0 : sent;
  }

  /** An event that the broker will never take must not hold up the others. */
  private void send(Entry entry, Message<byte[]> message) {
    try {
      if (!bridge.send(entry.topic(), message)) {
        throw new IllegalStateException("the broker did not take " + entry.type());
      }
    } catch (RuntimeException failed) {
      if (!(NestedExceptionUtils.getMostSpecificCause(failed) instanceof RecordTooLargeException)) {
        throw failed;
      }
      log.atError()
          .addKeyValue("type", entry.type())
          .addKeyValue("key", entry.key())
          .log("event too large, dropped");
    }
  }

  private static Entry entry(ResultSet row, int index) throws SQLException {
    return new Entry(
        row.getLong("id"),
        row.getObject("event_id", UUID.class),
        row.getString("topic"),
        row.getString("key"),
        row.getString("type"),
        row.getString("payload"));
  }

  private int sendBatch() {
    var mine =
        jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('outbox.' || current_schema()))")
            .query(Boolean.class)
            .single();
    if (!mine) {
      return 0;
    }
    var entries =
        jdbc.sql(
                """
                SELECT id, event_id, topic, key, type, payload
                  FROM outbox ORDER BY id LIMIT :batch
                """)
            .param("batch", BATCH)
            .query(OutboxRelay::entry)
            .list();
    for (var entry : entries) {
      var message = EventCodec.message(entry.eventId(), entry.type(), entry.key(), entry.payload());
      send(entry, message);
      jdbc.sql("DELETE FROM outbox WHERE id = :id").param("id", entry.id()).update();
    }
    return entries.size();
  }
}
