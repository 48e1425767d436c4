package dev.hearth.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.kit.events.OutboxTable.Entry;
import dev.hearth.kit.events.OutboxTable.Sending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Contract of an outbox. */
abstract class OutboxTableContract {

  /** Returns an outbox without entries. */
  abstract OutboxTable empty();

  static Entry entry(String key, int number) {
    return new Entry(
        new Envelope(
            new UUID(1, number),
            "dev.hearth.RevisionReleased.v1",
            Optional.of(Instant.parse("2026-01-02T03:04:05.678Z")),
            Optional.of("acme"),
            Optional.empty()),
        "releases",
        key,
        "{}");
  }

  static Function<List<Entry>, Sending> to(List<Entry> sent) {
    return entries -> {
      sent.addAll(entries);
      return new Sending(entries, List.of());
    };
  }

  @Test
  void keepsAnEntryUnchanged() {
    var table = empty();
    var full =
        new Entry(
            new Envelope(
                new UUID(1, 2),
                "dev.hearth.NodeHeartbeat.v2",
                Optional.empty(),
                Optional.empty(),
                Optional.of("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01")),
            "nodes",
            "node-1",
            "{\"a\": \"ü\"}");
    table.append(List.of(full, entry("a", 1)));
    var sent = new ArrayList<Entry>();

    assertThat(table.relay(10, to(sent))).isEqualTo(2);

    assertThat(sent).containsExactly(full, entry("a", 1));
  }

  @Test
  void sendsInOrderAndOnce() {
    var table = empty();
    IntStream.range(0, 25).forEach(i -> table.append(List.of(entry("key-" + i % 3, i))));
    var sent = new ArrayList<Entry>();

    assertThat(table.relay(10, to(sent))).isEqualTo(10);
    assertThat(table.relay(100, to(sent))).isEqualTo(15);
    assertThat(table.relay(100, to(sent))).isZero();

    assertThat(sent)
        .containsExactlyElementsOf(
            IntStream.range(0, 25).mapToObj(i -> entry("key-" + i % 3, i)).toList());
  }

  @Test
  void removesSentEntriesAndKeepsOthers() {
    var table = empty();
    List.of(1, 2, 3).forEach(i -> table.append(List.of(entry("a", i))));
    var sent = new ArrayList<Entry>();

    var failed = new IllegalStateException("no broker");
    assertThatThrownBy(() ->
            table.relay(
                10,
                entries -> {
                  sent.addAll(List.of(entries.getFirst(), entries.getLast()));
                  return new Sending(sent, List.of(failed));
                }))
        .isSameAs(failed);
    table.relay(10, to(sent));

    assertThat(sent).containsExactly(entry("a", 1), entry("a", 3), entry("a", 2));
  }

  @Test
  void letsOneRelayWorkAtATime() throws InterruptedException {
    var table = empty();
    List.of(1, 2).forEach(i -> table.append(List.of(entry("a", i))));
    var sends = new CountDownLatch(1);
    var mayGoOn = new CountDownLatch(1);
    var first = new ArrayList<Entry>();
    var second = new ArrayList<Entry>();

    var relay =
        Thread.ofVirtual()
            .start(() ->
                table.relay(
                    10,
                    entries -> {
                      sends.countDown();
                      await(mayGoOn);
                      return to(first).apply(entries);
                    }));
    await(sends);
    assertThat(table.relay(10, to(second))).isZero();
    mayGoOn.countDown();
    relay.join();

    assertThat(first).containsExactly(entry("a", 1), entry("a", 2));
    assertThat(table.relay(10, to(second))).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
