package dev.hearth.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import tools.jackson.databind.json.JsonMapper;

class OutboxRelayTest {

  private final FakeOutboxTable table = new FakeOutboxTable();
  private final EventCodec codec = new EventCodec(JsonMapper.shared(), "test");
  private final List<String> sent = new CopyOnWriteArrayList<>();

  private static String describe(Message<byte[]> message) {
    var key = (byte[]) Objects.requireNonNull(message.getHeaders().get(KafkaHeaders.KEY));
    var id = Objects.requireNonNull(message.getHeaders().get(EventCodec.ID)).toString();
    return new String(key, StandardCharsets.UTF_8) + id.substring(id.length() - 1);
  }

  private OutboxRelay relay(MessageSender sender) {
    return new OutboxRelay(table, sender, codec);
  }

  private void leave(String key, int number) {
    table.append(List.of(OutboxTableContract.entry(key, number)));
  }

  @Test
  void keepsTheOrderOfEachKey() {
    IntStream.range(0, 9).forEach(i -> leave(i % 2 == 0 ? "a" : "b", i));

    relay((_, message) -> sent.add(describe(message))).relay();

    assertThat(sent)
        .filteredOn(text -> text.startsWith("a"))
        .containsExactly("a0", "a2", "a4", "a6", "a8");
    assertThat(sent)
        .filteredOn(text -> text.startsWith("b"))
        .containsExactly("b1", "b3", "b5", "b7");
  }

  @Test
  void sendsEventsOfOtherKeysMeanwhile() {
    List.of("a", "b").forEach(key -> leave(key, 1));
    var both = new CountDownLatch(2);

    relay(
            (_, message) -> {
              both.countDown();
              awaitZero(both);
              sent.add(describe(message));
            })
        .relay();

    assertThat(sent).containsExactlyInAnyOrder("a1", "b1");
  }

  private static void awaitZero(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aKeyThatFailsHoldsUpNoOther() {
    leave("a", 1);
    leave("b", 2);
    leave("a", 3);

    assertThatThrownBy(() ->
            relay(
                    (_, message) -> {
                      if (describe(message).equals("a1")) {
                        throw new IllegalStateException("no broker");
                      }
                      sent.add(describe(message));
                    })
                .relay())
        .hasMessage("no broker");
    relay((_, message) -> sent.add(describe(message))).relay();

    assertThat(sent).containsExactly("b2", "a1", "a3");
  }

  @Test
  void sendsAgainWhatWasSentBeforeACrash() {
    leave("a", 1);
    leave("a", 2);
    var crashing =
        relay((_, message) -> {
          sent.add(describe(message));
          throw new IllegalStateException("killed after sending");
        });

    assertThatThrownBy(crashing::relay).hasMessage("killed after sending");
    relay((_, message) -> sent.add(describe(message))).relay();

    assertThat(sent).containsExactly("a1", "a1", "a2");
  }

  @Test
  void sendsEachEventOnceThoughTwoRelaysRun() {
    var relays =
        List.of(
            relay((_, message) -> sent.add(describe(message))),
            relay((_, message) -> sent.add(describe(message))));
    relays.forEach(OutboxRelay::start);
    try {
      IntStream.range(0, 9)
          .forEach(i -> {
            leave("a", i);
            relays.forEach(OutboxRelay::wake);
          });

      await().until(() -> table.waiting().isEmpty());
    } finally {
      relays.forEach(OutboxRelay::stop);
    }

    assertThat(sent)
        .containsExactlyElementsOf(IntStream.range(0, 9).mapToObj(i -> "a" + i).toList());
  }

  @Test
  void continuesWhenTheBrokerIsBack() {
    var isAway = new java.util.concurrent.atomic.AtomicBoolean(true);
    var relay =
        relay((_, message) -> {
          if (isAway.getAndSet(false)) {
            throw new IllegalStateException("no broker");
          }
          sent.add(describe(message));
        });
    leave("a", 1);
    relay.start();
    try {
      await().until(() -> table.waiting().isEmpty());
    } finally {
      relay.stop();
    }

    assertThat(sent).containsExactly("a1");
  }

  @Test
  void dropsAnEventThatIsTooLargeForTheBroker() {
    leave("a", 1);
    leave("a", 2);

    relay(
            (_, message) -> {
              if (describe(message).equals("a1")) {
                throw new MessageDeliveryException(
                    message, new RecordTooLargeException("larger than max.request.size"));
              }
              sent.add(describe(message));
            })
        .relay();

    assertThat(sent).containsExactly("a2");
    assertThat(table.waiting()).isEmpty();
  }
}
