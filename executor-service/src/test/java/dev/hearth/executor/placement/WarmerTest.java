package dev.hearth.executor.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.TestTicker;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.InstancePool.Surroundings;
import dev.hearth.executor.pool.InstanceSource;
import dev.hearth.executor.pool.PoolSettings;
import dev.hearth.executor.pool.Usage;
import dev.hearth.executor.start.StartLimiter;
import dev.hearth.executor.start.StartSettings;
import dev.hearth.testkit.EventLog;
import dev.hearth.testkit.MovableClock;
import dev.hearth.testkit.SampleSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WarmerTest {

  private final MovableClock clock = new MovableClock();
  private final TestTicker ticker = new TestTicker(clock);
  private final StartLimiter limiter = new StartLimiter(new StartSettings(2, 3));
  private volatile boolean hasRoom = true;
  private final Warmer warmer = warmer(Duration.ZERO);
  private final List<String> started = new CopyOnWriteArrayList<>();

  private Warmer warmer(Duration delay) {
    var settings = new PlacementSettings(1, delay, Duration.ofSeconds(30));
    return new Warmer(limiter, () -> hasRoom, settings, ticker, clock);
  }

  /** Remembers the order of starts, and refuses each. */
  private record Source(String name, List<String> started) implements InstanceSource {

    @Override
    public Outcome start() {
      started.add(name);
      return new Outcome.Refused("only a test");
    }

    @Override
    public void tell(String text) {}

    @Override
    public void discard(Host host) {}

    @Override
    public void end() {}
  }

  private InstancePool pool(String name, Duration idle, Duration start) {
    return pool(name, idle, start, 0);
  }

  private InstancePool pool(String name, Duration idle, Duration start, int least) {
    var settings = SampleSettings.of(Convention.WSGI, new Scaling(least, 4, Optional.empty()));
    var command =
        new StartPlacement(
            new NodeRef("node", new UUID(0, 1)),
            UUID.randomUUID(),
            new RevisionRef(UUID.randomUUID(), new FunctionKey("tenant", name), 1),
            clock.instant(),
            Digest.ofHex("0".repeat(64)),
            settings);
    var pools =
        new PoolSettings(
            Duration.ofMillis(200),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
    return new InstancePool(
        command,
        new Source(name, started),
        new Surroundings(pools, ticker, clock, new EventLog()::publish),
        Optional.of(new Usage(clock.instant().minus(idle), start)),
        () -> {});
  }

  @Test
  void startsWhatIsWorthMostFirst() throws Exception {
    warmer.add(pool("long-ago", Duration.ofHours(5), Duration.ofSeconds(2)));
    warmer.add(pool("lately", Duration.ofMinutes(1), Duration.ofSeconds(2)));
    warmer.add(pool("cheap", Duration.ofMinutes(1), Duration.ofMillis(200)));

    warmer.warmNext();
    warmer.warmNext();
    warmer.warmNext();

    assertThat(started).containsExactly("lately", "cheap", "long-ago");
    assertThat(warmer.size()).isZero();
  }

  @Test
  void aPlacementThatACallStartedIsNotStartedAgain() throws Exception {
    var called = pool("called", Duration.ofMinutes(1), Duration.ofSeconds(2));
    var other = pool("other", Duration.ofHours(1), Duration.ofSeconds(2));
    warmer.add(called);
    warmer.add(other);
    var _ = called.acquire(Duration.ofSeconds(1));

    warmer.warmNext();

    assertThat(started).containsExactly("called", "other");
  }

  @Test
  void startsOnlyWhatMustRunWhileThereIsNoRoom() throws Exception {
    hasRoom = false;
    warmer.add(pool("optional", Duration.ofMinutes(1), Duration.ofSeconds(2)));
    warmer.add(pool("kept", Duration.ofHours(1), Duration.ofSeconds(2), 1));

    warmer.warmNext();
    warmer.warmNext();

    assertThat(started).containsExactly("kept");
    assertThat(warmer.size()).isOne();
  }

  @Test
  void waitsForStartsThatSomebodyWaitsFor() throws Exception {
    warmer.add(pool("warmed", Duration.ofMinutes(1), Duration.ofSeconds(2)));
    var urgent = limiter.take("tenant");
    var warming = warmer.start();
    await().until(() -> warming.getFirst().getState() == Thread.State.TIMED_WAITING);
    assertThat(started).isEmpty();

    urgent.close();

    await().until(() -> started.contains("warmed"));
    warming.forEach(Thread::interrupt);
  }

  @Test
  void waitsAMomentAfterTheLastAssignment() {
    var waiting = warmer(Duration.ofSeconds(3));
    waiting.add(pool("warmed", Duration.ofMinutes(1), Duration.ofSeconds(2)));
    var warming = waiting.start();
    clock.move(Duration.ofSeconds(2));
    await().until(() -> warming.getFirst().getState() == Thread.State.TIMED_WAITING);
    assertThat(started).isEmpty();

    clock.move(Duration.ofSeconds(1));

    await().until(() -> started.contains("warmed"));
    warming.forEach(Thread::interrupt);
  }
}
