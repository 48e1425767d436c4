package dev.hearth.testkit;

import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.events.HearthEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An in-memory log of published events that stands for Kafka and the outbox in tests. Consumers
 * subscribe to a topic's sealed interface and are called on the publisher's thread.
 */
public final class EventLog {

  private final List<HearthEvent> events = new CopyOnWriteArrayList<>();
  private final List<Consumer<HearthEvent>> consumers = new CopyOnWriteArrayList<>();
  private volatile boolean isBroken;

  /**
   * Appends an event and hands it to the consumers of its topic.
   *
   * @throws IllegalStateException while the log is {@link #breakDown broken}
   */
  public void publish(HearthEvent event) {
    if (isBroken) {
      throw new IllegalStateException(
          "the broker did not take " + event.getClass().getSimpleName());
    }
    events.add(event);
    consumers.forEach(consumer -> consumer.accept(event));
  }

  /** Calls a consumer with each later event of a topic. */
  public <E extends HearthEvent> void subscribe(Class<E> topic, Consumer<E> consumer) {
    consumers.add(event -> {
      if (topic.isInstance(event)) {
        consumer.accept(topic.cast(event));
      }
    });
  }

  /** Delivers every event once more, as a broker does after a crash of its consumer. */
  public void redeliver() {
    events.forEach(event -> consumers.forEach(consumer -> consumer.accept(event)));
  }

  /** Refuses events until {@link #mend}, as a broker that is down does. */
  public void breakDown() {
    isBroken = true;
  }

  /** Accepts events again after {@link #breakDown}. */
  public void mend() {
    isBroken = false;
  }

  /** Returns all events so far, oldest first. */
  public List<HearthEvent> all() {
    return List.copyOf(events);
  }

  /** Returns the events of one type or topic so far. */
  public <E extends HearthEvent> List<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Waits for the first event of a type. */
  public <E extends HearthEvent> E awaitFirst(Class<E> type) {
    await().until(() -> !of(type).isEmpty());
    return of(type).getFirst();
  }
}
