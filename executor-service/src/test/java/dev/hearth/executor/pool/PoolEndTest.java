package dev.hearth.executor.pool;

import static dev.hearth.executor.pool.TestPools.LONG;
import static dev.hearth.executor.pool.TestPools.acquire;
import static dev.hearth.executor.pool.TestPools.permit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.Ended;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PoolEndTest {

  private final TestPools pools = new TestPools();

  @Test
  void endsAfterTheCallsThatRun() {
    var pool = pools.serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);
    assertThat(pools.host.stopped).isEmpty();

    permit.release();

    await().until(() -> pool.state() == PoolState.ENDED);
    await().until(() -> pools.source.ends() == 1);
    assertThat(pools.host.stopped).containsExactly("first");
    assertThat(acquire(pool, LONG).join()).isEqualTo(new Ended());
  }

  @Test
  void endsAtTheLimitOfACallWhoeverRuns() {
    var pool = pools.serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);

    pools.clock.move(Duration.ofSeconds(30));
    await().until(() -> pool.state() == PoolState.ENDED);
    permit.release();

    assertThat(pools.host.stopped).containsExactly("first");
  }

  @Test
  void aCallThatWaitsForTheStartIsServedBeforeThePlacementEnds() {
    var pool = pools.pool(0, 4);
    var call = acquire(pool, LONG);
    pool.retire();
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);

    pools.source.succeed(pools.host, "first");
    permit(call).release();

    await().until(() -> pool.state() == PoolState.ENDED);
    await().until(() -> pools.host.stopped.contains("first"));
  }

  @Test
  void aStartThatIsOverAfterTheEndIsStopped() {
    var pool = pools.pool(0, 4);
    pool.begin();
    await().until(() -> pools.source.starts() == 1);
    pool.end();

    pools.source.succeed(pools.host, "late");

    await().until(() -> pools.host.stopped.contains("late"));
    assertThat(pools.events.of(InstanceReady.class)).isEmpty();
  }

  @Test
  void anInstanceThatIsReleasedWhileItsPoolEndsEndsOnce() {
    var pool = pools.serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var releasing = Thread.ofPlatform().daemon().unstarted(permit::release);
    var ending = Thread.ofPlatform().daemon().unstarted(pool::end);
    releasing.start();
    ending.start();

    await().until(() -> pool.state() == PoolState.ENDED && !releasing.isAlive());

    assertThat(pools.host.stopped).containsExactly("first");
  }

  @Test
  void givesThePlacementUpWhenItsFirstInstanceDoesNotStart() {
    var pool = pools.pool(0, 4);
    pool.begin();
    var call = acquire(pool, LONG);

    pools.source.refuse("ModuleNotFoundError: x");

    assertThat(call.join()).isEqualTo(new CannotStart("ModuleNotFoundError: x"));
    assertThat(pools.events.awaitFirst(InstanceFailed.class).reason())
        .isEqualTo("ModuleNotFoundError: x");
    assertThat(pools.forgotten).hasValue(1);
    assertThat(pools.source.ends()).isOne();
  }

  @Test
  void givesThePlacementUpWhenTheBrokerDoesNotTakeItsAnnouncement() {
    pools.events.breakDown();
    var pool = pools.pool(0, 4);
    pools.source.succeed(pools.host, "first");

    pool.begin();

    await().until(() -> pools.source.ends() == 1);
    assertThat(pool.state()).isEqualTo(PoolState.ENDED);
    assertThat(pools.host.stopped).containsExactly("first");
  }
}
