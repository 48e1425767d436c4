package dev.hearth.executor.stem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.HearthException;
import dev.hearth.executor.NodeFixture;
import dev.hearth.executor.host.Host;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class StemPoolTest {

  private NodeFixture node = new NodeFixture(1000);

  @AfterEach
  void stop() {
    node.stems.stop();
  }

  private StemPool pool() {
    return node.stems.of(node.runtime);
  }

  private CompletableFuture<Host> claim() {
    var claimed = new CompletableFuture<Host>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            claimed.complete(pool().claim());
          } catch (InterruptedException | RuntimeException failed) {
            claimed.completeExceptionally(failed);
          }
        });
    return claimed;
  }

  @Test
  void isReadyOnceItsFirstStemHasBooted() {
    node.stems.start();
    await().until(node.hosts::isAwaited);
    assertThat(node.stems.wasReady()).isFalse();

    node.hosts.permit(1);

    await().until(node.stems::wasReady);
    assertThat(node.stems.size()).isOne();
  }

  @Test
  void replacesAStemThatWasClaimed() throws Exception {
    node.hosts.permit(2);
    node.stems.start();
    await().until(node.stems::wasReady);

    var claimed = pool().claim();

    assertThat(claimed.name()).isEqualTo("host-1");
    await().until(() -> node.hosts.booted.size() == 2);
  }

  @Test
  void aClaimWaitsForTheBoot() {
    node.stems.start();
    var claimed = claim();

    node.hosts.permit(1);

    assertThat(claimed.join().name()).isEqualTo("host-1");
  }

  @Test
  void aDeadStemIsNotHandedOut() {
    node.hosts.permit(1);
    node.stems.start();
    await().until(() -> node.stems.size() == 1);
    node.hosts.booted.getFirst().kill();

    var claimed = claim();
    node.hosts.permit(1);

    assertThat(claimed.join().name()).isEqualTo("host-2");
  }

  @Test
  void noStemBootsWhileAnInstanceStarts() {
    node.hosts.permit(2);
    var starting = node.gate.start();
    node.stems.start();
    assertThat(node.hosts.booted).isEmpty();

    starting.close();
    await()
        .until(() -> {
          node.clock.move(Duration.ofSeconds(1));
          return node.stems.wasReady();
        });

    assertThat(node.clock.nanoTime()).isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void aStemThatSomebodyWaitsForBootsBesideAStart() {
    node.hosts.permit(1);
    try (var _ = node.gate.start()) {
      node.stems.start();

      assertThat(claim().join().name()).isEqualTo("host-1");
    }
  }

  @Test
  void aClaimEndsWhenAllMemoryIsInUse() {
    node = new NodeFixture(150);
    node.hosts.permit(1);
    node.stems.start();
    await().until(() -> node.stems.size() == 1);
    var first = claim().join();
    var second = claim();

    await()
        .until(() -> {
          node.clock.move(Duration.ofSeconds(1));
          return second.isDone();
        });

    assertThat(first.isAlive()).isTrue();
    assertThatThrownBy(second::join)
        .hasCauseInstanceOf(HearthException.class)
        .hasMessageContaining("EXECUTOR_HOST_BUDGET");
    assertThat(node.clock.nanoTime()).isGreaterThan(Duration.ofSeconds(30).toNanos());
  }

  @Test
  void aClaimOutwaitsASlowBoot() {
    node = new NodeFixture(150);
    node.stems.start();
    await().until(node.hosts::isAwaited);
    var claimed = claim();

    await()
        .until(() -> {
          node.clock.move(Duration.ofSeconds(20));
          return claimed.isDone() || node.clock.nanoTime() > Duration.ofMinutes(5).toNanos();
        });
    node.hosts.permit(1);

    assertThat(claimed.join().name()).isEqualTo("host-1");
  }

  @Test
  void refusesAHeapThatNeverFits() {
    assertThatThrownBy(() -> pool().boot(DataSize.ofGigabytes(4)))
        .isInstanceOf(HearthException.class);
  }

  @Test
  void givesAStemUpForAHostOfAnotherSize() throws Exception {
    node = new NodeFixture(450);
    // The pool may boot another stem before the large host reserves its memory, and ends that too.
    node.hosts.permit(100);
    node.stems.start();
    await().until(() -> node.stems.size() == 1);

    var large = new FutureTask<>(() -> pool().boot(DataSize.ofMegabytes(400)));
    Thread.ofVirtual().start(large);
    // The stem's memory is freed a moment after its end, for which the pool checks regularly.
    await()
        .until(() -> {
          node.clock.move(Duration.ofMillis(100));
          return large.isDone();
        });

    assertThat(large.get().isAlive()).isTrue();
    assertThat(node.hosts.booted.getFirst().isAlive()).isFalse();
  }

  @Test
  void aHostOfAnotherSizeOutwaitsTheSlowBootOfAStem() throws Exception {
    node = new NodeFixture(450);
    node.stems.start();
    await().until(node.hosts::isAwaited);

    var large = new FutureTask<>(() -> pool().boot(DataSize.ofMegabytes(400)));
    Thread.ofVirtual().start(large);
    await()
        .until(() -> {
          node.clock.move(Duration.ofSeconds(20));
          return large.isDone() || node.clock.nanoTime() > Duration.ofMinutes(5).toNanos();
        });
    node.hosts.permit(100);
    await()
        .until(() -> {
          node.clock.move(Duration.ofMillis(100));
          return large.isDone();
        });

    assertThat(large.get().isAlive()).isTrue();
  }
}
