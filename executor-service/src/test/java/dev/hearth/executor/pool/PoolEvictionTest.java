package dev.hearth.executor.pool;

import static dev.hearth.executor.pool.TestPools.LONG;
import static dev.hearth.executor.pool.TestPools.acquire;
import static dev.hearth.executor.pool.TestPools.permit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.executor.FakeHostProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a pool gives up, and what it keeps. */
class PoolEvictionTest {

  private final TestPools pools = new TestPools();

  @Test
  void endsAnIdleInstanceBeyondTheFirst() {
    var pool = pools.serving(0, 2);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    pools.clock.move(Duration.ofMillis(200));
    await().until(() -> pools.source.starts() == 2);
    pools.source.succeed(pools.host, "second");
    first.release();
    permit(second).release();
    await().until(() -> pool.candidates().size() == 2);
    pool.tend();
    assertThat(pools.host.stopped).isEmpty();

    pools.clock.move(Duration.ofSeconds(61));
    pool.tend();
    pool.tend();

    assertThat(pools.host.stopped).hasSize(1);
    assertThat(pool.candidates()).hasSize(1);
  }

  @Test
  void evictsOnlyIdleInstancesThatNeedNotBeKept() {
    var pool = pools.serving(0, 4);
    assertThat(pool.candidates().getFirst().isFree()).isFalse();
    pools.clock.move(Duration.ofSeconds(6));
    var candidate = pool.candidates().getFirst();
    assertThat(candidate.isFree()).isTrue();
    var _ = permit(acquire(pool, LONG));

    assertThat(candidate.evict()).isFalse();

    assertThat(pools.host.stopped).isEmpty();
  }

  @Test
  void keepsItsMinimumWhateverElseNeedsMemory() {
    var pool = pools.serving(1, 4);
    pools.clock.move(Duration.ofHours(1));

    assertThat(pool.candidates().getFirst().evict()).isFalse();
  }

  @Test
  void anIdleInstanceIsWorthLessThanOneThatWasCalledLately() {
    var pool = pools.serving(0, 4);
    var before = pool.candidates().getFirst().value();

    pools.clock.move(Duration.ofMinutes(1));

    assertThat(pool.candidates().getFirst().value()).isLessThan(before);
  }

  @Test
  void movesToAnotherHostWhenItsOwnLeaves() {
    var pool = pools.serving(0, 4);
    pools.host.leave();
    pool.tend();
    await().until(() -> pools.source.starts() == 2);

    pools.source.succeed(new FakeHostProcess("host-2"), "second");

    await().until(() -> pools.host.stopped.contains("first"));
    assertThat(permit(acquire(pool, LONG)).host().name()).isEqualTo("host-2");
  }

  @Test
  void replacesAnInstanceThatACallEnded() {
    var pool = pools.serving(0, 4);
    var permit = permit(acquire(pool, LONG));

    permit.lost();
    await().until(() -> pools.source.starts() == 2);
    pools.source.succeed(pools.host, "second");

    assertThat(permit(acquire(pool, LONG)).hostInstance()).isEqualTo("second");
  }

  @Test
  void replacesTheInstancesOfALostHostWhileCallsWait() {
    var pool = pools.serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var waiting = acquire(pool, LONG);

    pools.host.kill();
    await().until(() -> pools.source.starts() == 2);
    first.hostLost();
    pools.source.succeed(new FakeHostProcess("host-2"), "second");

    assertThat(permit(waiting).host().name()).isEqualTo("host-2");
    assertThat(pools.source.discarded).containsExactly(pools.host);
    assertThat(pools.source.starts()).isEqualTo(2);
  }
}
