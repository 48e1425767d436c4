package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttentionTest {

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final Attention attention = new Attention(Duration.ofSeconds(5));

  @Test
  void hasNotListenedBeforeTheFirstEvent() {
    assertThat(attention.since(START)).isEqualTo(START);
  }

  @Test
  void listensWhileEventsArrive() {
    attention.hear(START);
    attention.hear(START.plusSeconds(5));

    assertThat(attention.since(START.plusSeconds(10))).isEqualTo(START);
  }

  @Test
  void beginsAnewAfterAGap() {
    attention.hear(START);

    assertThat(attention.since(START.plusSeconds(6))).isEqualTo(START.plusSeconds(6));
    attention.hear(START.plusSeconds(7));
    assertThat(attention.since(START.plusSeconds(8))).isEqualTo(START.plusSeconds(7));
  }
}
