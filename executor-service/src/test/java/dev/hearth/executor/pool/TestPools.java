package dev.hearth.executor.pool;

import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.FakeHostProcess;
import dev.hearth.executor.TestTicker;
import dev.hearth.executor.pool.Acquisition.Acquired;
import dev.hearth.executor.pool.InstancePool.Surroundings;
import dev.hearth.testkit.EventLog;
import dev.hearth.testkit.MovableClock;
import dev.hearth.testkit.SampleSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes pools on a fake source and host, a movable clock and an event log. */
final class TestPools {

  static final Duration LONG = Duration.ofHours(1);
  private static final PoolSettings SETTINGS =
      new PoolSettings(
          Duration.ofMillis(200),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));

  final MovableClock clock = new MovableClock();
  final EventLog events = new EventLog();
  final FakeSource source = new FakeSource();
  final FakeHostProcess host = new FakeHostProcess("host-1");
  final AtomicInteger forgotten = new AtomicInteger();

  InstancePool pool(int least, int most) {
    return pool(new Scaling(least, most, Optional.empty()));
  }

  private InstancePool pool(Scaling scaling) {
    var settings = SampleSettings.of(Convention.WSGI, scaling);
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

  /** Acquires on a thread of its own; returns when that waits or is done. */
  static CompletableFuture<Acquisition> acquire(InstancePool pool, Duration patience) {
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

  static Permit permit(CompletableFuture<Acquisition> acquisition) {
    return ((Acquired) acquisition.join()).permit();
  }

  InstancePool serving(int least, int most) {
    var pool = pool(least, most);
    source.succeed(host, "first");
    pool.begin();
    await().until(() -> pool.state() == PoolState.SERVING);
    return pool;
  }
}
