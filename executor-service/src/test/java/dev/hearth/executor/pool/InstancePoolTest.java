package dev.hearth.executor.pool;

import static dev.hearth.executor.pool.TestPools.LONG;
import static dev.hearth.executor.pool.TestPools.acquire;
import static dev.hearth.executor.pool.TestPools.permit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InstancePoolTest {

  private final TestPools pools = new TestPools();

  @Test
  void announcesItsFirstInstance() {
    pools.serving(0, 4);

    assertThat(pools.events.of(InstanceReady.class)).hasSize(1);
  }

  @Test
  void announcesItselfWhenItHasItsMinimum() {
    var pool = pools.pool(2, 4);
    pools.source.succeed(pools.host, "first");
    pool.begin();
    await().until(() -> pools.source.starts() == 2);
    assertThat(pools.events.of(InstanceReady.class)).isEmpty();

    pools.source.succeed(pools.host, "second");

    await().until(() -> pool.state() == PoolState.SERVING);
    await().until(() -> pools.events.of(InstanceReady.class).size() == 1);
  }

  @Test
  void aCallStartsAPlacementThatIsOnlyKnown() {
    var pool = pools.pool(0, 4);
    assertThat(pool.state()).isEqualTo(PoolState.KNOWN);
    var call = acquire(pool, LONG);

    pools.source.succeed(pools.host, "first");

    assertThat(permit(call).hostInstance()).isEqualTo("first");
    pool.begin();
    assertThat(pools.source.starts()).isOne();
  }

  @Test
  void tellsHowLongACallWaitedForAStart() {
    var pool = pools.pool(0, 4);
    var call = acquire(pool, LONG);
    pools.clock.move(Duration.ofSeconds(2));

    pools.source.succeed(pools.host, "first");

    assertThat(permit(call).started()).isEqualTo(Duration.ofSeconds(2));
    assertThat(permit(call).start()).isEqualTo("prepared");
    permit(call).release();
    assertThat(permit(acquire(pool, LONG)).start()).isEqualTo(HearthHeaders.START_WARM);
  }

  @Test
  void aCallTimesOutWhileAllInstancesAreBusy() {
    var pool = pools.serving(0, 1);
    var _ = permit(acquire(pool, LONG));
    var second = acquire(pool, Duration.ofSeconds(30));

    pools.clock.move(Duration.ofSeconds(30));

    assertThat(second.join()).isEqualTo(new TimedOut(Duration.ofSeconds(30)));
  }

  @Test
  void aReturnedPermitGoesToTheCallThatWaits() {
    var pool = pools.serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);

    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(permit(second).queued()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aPermitIsReturnedOnceOnly() {
    var pool = pools.serving(0, 1);
    var permit = permit(acquire(pool, LONG));
    permit.release();
    permit.release();
    permit.hostLost();

    assertThat(pool.acquireNow()).isPresent();
    assertThat(pool.acquireNow()).isEmpty();
    assertThat(pools.source.discarded).isEmpty();
  }

  @Test
  void growsWhenACallHasWaitedForLong() {
    var pool = pools.serving(0, 2);
    var _ = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    assertThat(pools.source.starts()).isOne();

    pools.clock.move(Duration.ofMillis(200));
    await().until(() -> pools.source.starts() == 2);
    pools.source.succeed(pools.host, "second");

    assertThat(permit(second).hostInstance()).isEqualTo("second");
  }

  @Test
  void doesNotGrowBeyondItsMaximum() {
    var pool = pools.serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);

    pools.clock.move(Duration.ofSeconds(5));
    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(pools.source.starts()).isOne();
  }

  @Test
  void aPoolThatServedTriesAgainAfterAPauseWhenThereWasNoRoom() {
    var pool = pools.serving(0, 4);
    pools.clock.move(Duration.ofMinutes(1));
    assertThat(pool.candidates().getFirst().evict()).isTrue();
    var call = acquire(pool, LONG);
    pools.source.noRoom();
    assertThat(call.join()).isEqualTo(new CannotStart("all memory is in use"));
    assertThat(acquire(pool, LONG).join()).isInstanceOf(CannotStart.class);
    assertThat(pools.forgotten).hasValue(0);

    pools.clock.move(Duration.ofSeconds(10));
    var later = acquire(pool, LONG);
    pools.source.succeed(pools.host, "second");

    assertThat(permit(later).hostInstance()).isEqualTo("second");
    assertThat(pools.source.starts()).isEqualTo(3);
  }

  @Test
  void doesNotGrowForAWhileAfterAFailedStart() {
    var pool = pools.serving(0, 2);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    pools.clock.move(Duration.ofMillis(200));
    pools.source.refuse("too large");
    await().until(() -> pools.source.told.size() == 1);

    pools.clock.move(Duration.ofSeconds(5));
    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(pools.source.starts()).isEqualTo(2);
    assertThat(pools.source.told.getFirst()).contains("too large");
  }
}
