package dev.hearth.executor.pool;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.FakeHostProcess;
import dev.hearth.executor.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts instances with the outcomes that the test sets. */
public final class FakeSource implements InstanceSource {

  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final AtomicInteger starts = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();
  public final List<Host> discarded = new ArrayList<>();
  public final List<String> told = new ArrayList<>();

  @Override
  public Outcome start() throws InterruptedException {
    starts.incrementAndGet();
    return outcomes.take();
  }

  @Override
  public void tell(String text) {
    told.add(text);
  }

  @Override
  public void discard(Host host) {
    discarded.add(host);
    host.retire();
  }

  @Override
  public void end() {
    ends.incrementAndGet();
  }

  /** Lets a start succeed in a host. */
  public void succeed(FakeHostProcess host, String name) {
    host.reserve(name);
    outcomes.add(
        new Outcome.Started(
            new ReadyInstance(
                host,
                name,
                new InstanceStarted(Convention.WSGI, "prepared", 1, 1, List.of()),
                Instant.EPOCH,
                Duration.ofSeconds(1))));
  }

  /** Lets a start fail because of the user's code. */
  public void refuse(String reason) {
    outcomes.add(new Outcome.Refused(reason));
  }

  /** Lets a start fail for lack of memory. */
  public void noRoom() {
    outcomes.add(new Outcome.NoRoom("all memory is in use"));
  }

  public int starts() {
    return starts.get();
  }

  public int ends() {
    return ends.get();
  }
}
