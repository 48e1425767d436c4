package dev.hearth.host.instance;

import static dev.hearth.host.instance.InstanceState.ENDED;
import static dev.hearth.host.instance.InstanceState.FAILED;
import static dev.hearth.host.instance.InstanceState.SERVING;
import static dev.hearth.host.instance.InstanceState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private static final Map<InstanceState, List<InstanceState>> MOVES =
      Map.of(
          SERVING, List.of(SUSPENDED, FAILED, ENDED),
          SUSPENDED, List.of(SERVING, FAILED, ENDED),
          FAILED, List.of(ENDED),
          ENDED, List.of());

  private final Lifecycle lifecycle = new Lifecycle();

  @Test
  void everyMoveIsKnown() {
    for (var from : InstanceState.values()) {
      for (var to : InstanceState.values()) {
        assertThat(from.mayBecome(to))
            .as("%s to %s", from, to)
            .isEqualTo(MOVES.getOrDefault(from, List.of()).contains(to));
      }
    }
  }

  @Test
  void keepsTheFirstReason() {
    lifecycle.become(SUSPENDED);
    lifecycle.become(FAILED, "first");
    lifecycle.become(ENDED, "second");

    assertThat(lifecycle.reason()).isEqualTo("first");
    assertThat(lifecycle.isAlive()).isFalse();
    assertThat(lifecycle.become(SERVING)).isFalse();
  }

  @Test
  void failsOnceThoughManyReportIt() throws InterruptedException {
    var start = new CountDownLatch(1);
    var reported = new AtomicInteger();
    var threads =
        java.util.stream.IntStream.range(0, 16)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        start.await();
                      } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                      }
                      if (lifecycle.become(FAILED, "reason " + i)) {
                        reported.incrementAndGet();
                      }
                    }))
            .toList();

    start.countDown();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(reported).hasValue(1);
  }
}
