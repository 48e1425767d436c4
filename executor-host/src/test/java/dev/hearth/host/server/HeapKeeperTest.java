package dev.hearth.host.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HeapKeeperTest {

  private static final long KEPT = 100L << 20;
  private static final long GROWN = KEPT + (32L << 20);

  private final AtomicBoolean isBusy = new AtomicBoolean();
  private final long begun = System.nanoTime();
  private final HeapKeeper heap = new HeapKeeper(isBusy::get, begun);

  private static long later(Duration after) {
    // Beyond all readings of the clock in this test.
    return System.nanoTime() + after.toNanos();
  }

  @Test
  void collectsWhatCallsLeftBehindAfterAQuietWhile() {
    heap.collected(KEPT);
    heap.touch();

    assertThat(heap.isDue(later(Duration.ofSeconds(11)), GROWN)).isTrue();
    assertThat(heap.isDue(begun + Duration.ofSeconds(9).toNanos(), GROWN)).isFalse();
  }

  @Test
  void doesNotPauseTheHostForLittle() {
    heap.collected(KEPT);
    heap.touch();

    assertThat(heap.isDue(later(Duration.ofHours(1)), GROWN - 1)).isFalse();
  }

  @Test
  void returnsTheMemoryOfAnEndedInstance() {
    heap.collected(KEPT);
    heap.released();

    assertThat(heap.isDue(later(Duration.ofSeconds(11)), KEPT)).isTrue();
  }

  @Test
  void waitsForTheEndOfCalls() {
    isBusy.set(true);

    assertThat(heap.isDue(later(Duration.ofHours(1)), GROWN)).isFalse();
  }
}
