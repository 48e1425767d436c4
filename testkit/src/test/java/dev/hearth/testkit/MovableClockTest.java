package dev.hearth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class MovableClockTest {

  private final MovableClock clock = new MovableClock();

  @Test
  void movesBothTimesTogether() {
    var before = clock.instant();

    clock.move(Duration.ofSeconds(3));

    assertThat(clock.nanoTime()).isEqualTo(3_000_000_000L);
    assertThat(clock.instant()).isEqualTo(before.plusSeconds(3));
  }

  @Test
  void wakesWhoWaitsForADeadline() throws Exception {
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    var deadline = clock.nanoTime() + Duration.ofHours(1).toNanos();
    var passed = new CompletableFuture<Boolean>();
    var waiting =
        Thread.ofPlatform()
            .start(() -> {
              lock.lock();
              try {
                while (clock.nanoTime() < deadline) {
                  clock.awaitUntil(lock, condition, deadline);
                }
                passed.complete(true);
              } catch (InterruptedException interrupted) {
                passed.completeExceptionally(interrupted);
              } finally {
                lock.unlock();
              }
            });

    await().until(() -> waiting.getState() == Thread.State.WAITING);
    clock.move(Duration.ofMinutes(30));
    clock.move(Duration.ofMinutes(30));

    assertThat(passed.get()).isTrue();
  }
}
