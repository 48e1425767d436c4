package dev.hearth.executor.start;

import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.StartResult.Failed;
import dev.hearth.executor.host.StartResult.Started;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.snapshot.SnapshotSource;

/** Starts an instance of a placement alone in a host, for a snapshot. */
record PlacementSnapshot(
    InstanceStarter starter, StartTools tools, Runtime runtime, StartPlacement command)
    implements SnapshotSource {

  @Override
  public Prepared prepare() throws InterruptedException {
    var layers = starter.artifact().layers();
    if (!tools.bytecode().isDone(runtime, layers)) {
      return new Prepared.NotNow();
    }
    var host = tools.stems().of(runtime).bootBehind();
    if (host.isEmpty()) {
      return new Prepared.NotNow();
    }
    var isReady = false;
    try {
      var prepared = prepare(host.get());
      isReady = prepared instanceof Prepared.Ready;
      return prepared;
    } finally {
      if (!isReady) {
        host.get().kill();
      }
    }
  }

  private Prepared prepare(Host host) throws InterruptedException {
    var name = starter.snapshotName();
    var started = starter.startIn(host, starter.artifact(), name);
    if (!(started instanceof Started(var details))) {
      return new Prepared.Never();
    }
    if (host.suspend(name) instanceof Failed(var failure)) {
      starter.tell(
          "no snapshot, because a hook before it failed: " + InstanceStarter.reason(failure));
      return new Prepared.Never();
    }
    return new Prepared.Ready(host, details);
  }

  @Override
  public void failed(String reason) {
    starter.tell("no snapshot: " + reason);
  }
}
