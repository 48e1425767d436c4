package dev.hearth.build.queue;

import dev.hearth.build.assembly.Assembler;
import dev.hearth.build.python.Target;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.kit.events.Outbox;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Moves builds through their lifecycle. A change and its event leave in one transaction. */
@Component
public class BuildQueue {

  private final BuildStore store;
  private final Outbox outbox;
  private final InstantSource clock;
  private final Target target;

  BuildQueue(BuildStore store, Outbox outbox, InstantSource clock, Target target) {
    this.store = store;
    this.outbox = outbox;
    this.clock = clock;
    this.target = target;
  }

  /** Queues the build of a revision, unless it is queued already. */
  @Transactional
  public void add(RevisionUploaded uploaded) {
    store.add(
        uploaded,
        "%s %s %s"
            .formatted(uploaded.source(), uploaded.entry().orElse(""), Assembler.identity(target)));
  }

  /** Leases the next build, if any, and publishes that it has started. */
  @Transactional
  public Optional<QueuedBuild> take() {
    var taken = store.take();
    taken.ifPresent(build -> outbox.append(new BuildStarted(build.revision(), clock.instant())));
    return taken;
  }

  /** Renews the lease; returns false if it was lost. */
  @Transactional
  public boolean renew(QueuedBuild build) {
    return store.renew(build);
  }

  /** Returns the outcome of a build with the same content, if there is one that is still valid. */
  public Optional<BuildOutcome> outcomeOf(QueuedBuild build) {
    return store.outcomeOf(build);
  }

  /** Ends a build that failed; does nothing if the lease was lost. */
  @Transactional
  public void fail(QueuedBuild build, BuildFailed failed) {
    if (store.finish(build, BuildState.FAILED, Optional.empty())) {
      outbox.append(failed);
    }
  }

  /** Ends a build that made an artifact; does nothing if the lease was lost. */
  @Transactional
  public void succeed(QueuedBuild build, BuildSucceeded succeeded, BuildOutcome outcome) {
    if (store.finish(build, BuildState.SUCCEEDED, Optional.of(outcome))) {
      outbox.append(succeeded);
    }
  }
}
