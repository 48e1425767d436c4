package dev.hearth.executor.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.FakeHostProcess;
import dev.hearth.executor.TestTicker;
import dev.hearth.executor.pool.Acquisition.Acquired;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.Ended;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import dev.hearth.executor.pool.InstancePool.Surroundings;
import dev.hearth.testkit.EventLog;
import dev.hearth.testkit.MovableClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InstancePoolTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final PoolSettings SETTINGS =
      new PoolSettings(
          Duration.ofMillis(200),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));

  private final MovableClock clock = new MovableClock();
  private final EventLog events = new EventLog();
  private final FakeSource source = new FakeSource();
  private final FakeHostProcess host = new FakeHostProcess("host-1");
  private final AtomicInteger forgotten = new AtomicInteger();

  private InstancePool pool(int least, int most) {
    return pool(new Scaling(least, most, Optional.empty()));
  }

  private InstancePool pool(Scaling scaling) {
    var settings =
        new RuntimeSettings(
            "main:app",
            Convention.WSGI,
            Map.of(),
            Duration.ofSeconds(30),
            Optional.empty(),
            false,
            Optional.of(scaling),
            Optional.empty());
    var command =
        new StartPlacement(
            new NodeRef("node", new UUID(0, 1)),
            new UUID(0, 2),
            new RevisionRef(new UUID(0, 3), new FunctionKey("tenant", "function"), 1),
            clock.instant(),
            Digest.ofHex("0".repeat(64)),
            settings);
    return new InstancePool(
        command,
        source,
        new Surroundings(SETTINGS, new TestTicker(clock), clock, events::publish),
        Optional.empty(),
        forgotten::incrementAndGet);
  }

  /** A call that waits on a thread of its own. */
  private CompletableFuture<Acquisition> acquire(InstancePool pool, Duration patience) {
    var result = new CompletableFuture<Acquisition>();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                result.complete(pool.acquire(patience));
              } catch (InterruptedException interrupted) {
                result.completeExceptionally(interrupted);
              }
            });
    await().until(() -> result.isDone() || thread.getState() == Thread.State.WAITING);
    return result;
  }

  private static Permit permit(CompletableFuture<Acquisition> acquisition) {
    return ((Acquired) acquisition.join()).permit();
  }

  private InstancePool serving(int least, int most) {
    var pool = pool(least, most);
    source.succeed(host, "first");
    pool.begin();
    await().until(() -> pool.state() == PoolState.SERVING);
    return pool;
  }

  @Test
  void announcesItsFirstInstance() {
    serving(0, 4);

    assertThat(events.of(InstanceReady.class)).hasSize(1);
  }

  @Test
  void announcesItselfWhenItHasItsMinimum() {
    var pool = pool(2, 4);
    source.succeed(host, "first");
    pool.begin();
    await().until(() -> source.starts() == 2);
    assertThat(events.of(InstanceReady.class)).isEmpty();

    source.succeed(host, "second");

    await().until(() -> pool.state() == PoolState.SERVING);
    await().until(() -> events.of(InstanceReady.class).size() == 1);
  }

  @Test
  void aCallStartsAPlacementThatIsOnlyKnown() {
    var pool = pool(0, 4);
    assertThat(pool.state()).isEqualTo(PoolState.KNOWN);
    var call = acquire(pool, LONG);

    source.succeed(host, "first");

    assertThat(permit(call).hostInstance()).isEqualTo("first");
    pool.begin();
    assertThat(source.starts()).isOne();
  }

  @Test
  void tellsHowLongACallWaitedForAStart() {
    var pool = pool(0, 4);
    var call = acquire(pool, LONG);
    clock.move(Duration.ofSeconds(2));

    source.succeed(host, "first");

    assertThat(permit(call).started()).isEqualTo(Duration.ofSeconds(2));
    assertThat(permit(call).start()).isEqualTo("prepared");
    permit(call).release();
    assertThat(permit(acquire(pool, LONG)).start()).isEqualTo(HearthHeaders.START_WARM);
  }

  @Test
  void aCallTimesOutWhileAllInstancesAreBusy() {
    var pool = serving(0, 1);
    var _ = permit(acquire(pool, LONG));
    var second = acquire(pool, Duration.ofSeconds(30));

    clock.move(Duration.ofSeconds(30));

    assertThat(second.join()).isEqualTo(new TimedOut(Duration.ofSeconds(30)));
  }

  @Test
  void aReturnedPermitGoesToTheCallThatWaits() {
    var pool = serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);

    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(permit(second).queued()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aPermitIsReturnedOnceOnly() {
    var pool = serving(0, 1);
    var permit = permit(acquire(pool, LONG));
    permit.release();
    permit.release();
    permit.hostLost();

    assertThat(pool.acquireNow()).isPresent();
    assertThat(pool.acquireNow()).isEmpty();
    assertThat(source.discarded).isEmpty();
  }

  @Test
  void growsWhenACallHasWaitedForLong() {
    var pool = serving(0, 2);
    var _ = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    assertThat(source.starts()).isOne();

    clock.move(Duration.ofMillis(200));
    await().until(() -> source.starts() == 2);
    source.succeed(host, "second");

    assertThat(permit(second).hostInstance()).isEqualTo("second");
  }

  @Test
  void doesNotGrowBeyondItsMaximum() {
    var pool = serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);

    clock.move(Duration.ofSeconds(5));
    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(source.starts()).isOne();
  }

  @Test
  void endsAnIdleInstanceBeyondTheFirst() {
    var pool = serving(0, 2);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    clock.move(Duration.ofMillis(200));
    await().until(() -> source.starts() == 2);
    source.succeed(host, "second");
    first.release();
    permit(second).release();
    await().until(() -> pool.candidates().size() == 2);
    pool.tend();
    assertThat(host.stopped).isEmpty();

    clock.move(Duration.ofSeconds(61));
    pool.tend();
    pool.tend();

    assertThat(host.stopped).hasSize(1);
    assertThat(pool.candidates()).hasSize(1);
  }

  @Test
  void replacesAnInstanceThatACallEnded() {
    var pool = serving(0, 4);
    var permit = permit(acquire(pool, LONG));

    permit.lost();
    await().until(() -> source.starts() == 2);
    source.succeed(host, "second");

    assertThat(permit(acquire(pool, LONG)).hostInstance()).isEqualTo("second");
  }

  @Test
  void replacesTheInstancesOfALostHostWhileCallsWait() {
    var pool = serving(0, 1);
    var first = permit(acquire(pool, LONG));
    var waiting = acquire(pool, LONG);

    host.kill();
    await().until(() -> source.starts() == 2);
    first.hostLost();
    source.succeed(new FakeHostProcess("host-2"), "second");

    assertThat(permit(waiting).host().name()).isEqualTo("host-2");
    assertThat(source.discarded).containsExactly(host);
    assertThat(source.starts()).isEqualTo(2);
  }

  @Test
  void givesThePlacementUpWhenItsFirstInstanceDoesNotStart() {
    var pool = pool(0, 4);
    pool.begin();
    var call = acquire(pool, LONG);

    source.refuse("ModuleNotFoundError: x");

    assertThat(call.join()).isEqualTo(new CannotStart("ModuleNotFoundError: x"));
    assertThat(events.awaitFirst(InstanceFailed.class).reason())
        .isEqualTo("ModuleNotFoundError: x");
    assertThat(forgotten).hasValue(1);
    assertThat(source.ends()).isOne();
  }

  @Test
  void aPoolThatServedTriesAgainAfterAPauseWhenThereWasNoRoom() {
    var pool = serving(0, 4);
    clock.move(Duration.ofMinutes(1));
    assertThat(pool.candidates().getFirst().evict()).isTrue();
    var call = acquire(pool, LONG);
    source.noRoom();
    assertThat(call.join()).isEqualTo(new CannotStart("all memory is in use"));
    assertThat(acquire(pool, LONG).join()).isInstanceOf(CannotStart.class);
    assertThat(forgotten).hasValue(0);

    clock.move(Duration.ofSeconds(10));
    var later = acquire(pool, LONG);
    source.succeed(host, "second");

    assertThat(permit(later).hostInstance()).isEqualTo("second");
    assertThat(source.starts()).isEqualTo(3);
  }

  @Test
  void doesNotGrowForAWhileAfterAFailedStart() {
    var pool = serving(0, 2);
    var first = permit(acquire(pool, LONG));
    var second = acquire(pool, LONG);
    clock.move(Duration.ofMillis(200));
    source.refuse("too large");
    await().until(() -> source.told.size() == 1);

    clock.move(Duration.ofSeconds(5));
    first.release();

    assertThat(permit(second).hostInstance()).isEqualTo("first");
    assertThat(source.starts()).isEqualTo(2);
    assertThat(source.told.getFirst()).contains("too large");
  }

  @Test
  void evictsOnlyIdleInstancesThatNeedNotBeKept() {
    var pool = serving(0, 4);
    assertThat(pool.candidates().getFirst().isFree()).isFalse();
    clock.move(Duration.ofSeconds(6));
    var candidate = pool.candidates().getFirst();
    assertThat(candidate.isFree()).isTrue();
    var _ = permit(acquire(pool, LONG));

    assertThat(candidate.evict()).isFalse();

    assertThat(host.stopped).isEmpty();
  }

  @Test
  void keepsItsMinimumWhateverElseNeedsMemory() {
    var pool = serving(1, 4);
    clock.move(Duration.ofHours(1));

    assertThat(pool.candidates().getFirst().evict()).isFalse();
  }

  @Test
  void anIdleInstanceIsWorthLessThanOneThatWasCalledLately() {
    var pool = serving(0, 4);
    var before = pool.candidates().getFirst().value();

    clock.move(Duration.ofMinutes(1));

    assertThat(pool.candidates().getFirst().value()).isLessThan(before);
  }

  @Test
  void movesToAnotherHostWhenItsOwnLeaves() {
    var pool = serving(0, 4);
    host.leave();
    pool.tend();
    await().until(() -> source.starts() == 2);

    source.succeed(new FakeHostProcess("host-2"), "second");

    await().until(() -> host.stopped.contains("first"));
    assertThat(permit(acquire(pool, LONG)).host().name()).isEqualTo("host-2");
  }

  @Test
  void endsAfterTheCallsThatRun() {
    var pool = serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);
    assertThat(host.stopped).isEmpty();

    permit.release();

    await().until(() -> pool.state() == PoolState.ENDED);
    await().until(() -> source.ends() == 1);
    assertThat(host.stopped).containsExactly("first");
    assertThat(acquire(pool, LONG).join()).isEqualTo(new Ended());
  }

  @Test
  void endsAtTheLimitOfACallWhoeverRuns() {
    var pool = serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);

    clock.move(Duration.ofSeconds(30));
    await().until(() -> pool.state() == PoolState.ENDED);
    permit.release();

    assertThat(host.stopped).containsExactly("first");
  }

  @Test
  void aCallThatWaitsForTheStartIsServedBeforeThePlacementEnds() {
    var pool = pool(0, 4);
    var call = acquire(pool, LONG);
    pool.retire();
    var ending = Thread.ofPlatform().daemon().start(pool::end);
    await().until(() -> ending.getState() == Thread.State.WAITING);

    source.succeed(host, "first");
    permit(call).release();

    await().until(() -> pool.state() == PoolState.ENDED);
    await().until(() -> host.stopped.contains("first"));
  }

  @Test
  void aStartThatIsOverAfterTheEndIsStopped() {
    var pool = pool(0, 4);
    pool.begin();
    await().until(() -> source.starts() == 1);
    pool.end();

    source.succeed(host, "late");

    await().until(() -> host.stopped.contains("late"));
    assertThat(events.of(InstanceReady.class)).isEmpty();
  }

  @Test
  void anInstanceThatIsReleasedWhileItsPoolEndsEndsOnce() {
    var pool = serving(0, 4);
    var permit = permit(acquire(pool, LONG));
    var releasing = Thread.ofPlatform().daemon().unstarted(permit::release);
    var ending = Thread.ofPlatform().daemon().unstarted(pool::end);
    releasing.start();
    ending.start();

    await().until(() -> pool.state() == PoolState.ENDED && !releasing.isAlive());

    assertThat(host.stopped).containsExactly("first");
  }

  @Test
  void givesThePlacementUpWhenTheBrokerDoesNotTakeItsAnnouncement() {
    events.breakDown();
    var pool = pool(0, 4);
    source.succeed(host, "first");

    pool.begin();

    await().until(() -> source.ends() == 1);
    assertThat(pool.state()).isEqualTo(PoolState.ENDED);
    assertThat(host.stopped).containsExactly("first");
  }
}
