package dev.hearth.executor;

import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.Hosts;
import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.snapshot.HostImages;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.springframework.util.unit.DataSize;

/** Boots in-memory hosts when the test permits it. */
public final class FakeHosts implements Hosts {

  private final NodeMemory memory;
  private final Semaphore permitted = new Semaphore(0);

  /** All booted hosts, oldest first. */
  public final List<FakeHostProcess> booted = new CopyOnWriteArrayList<>();

  public FakeHosts(NodeMemory memory) {
    this.memory = memory;
  }

  /** Permits the boot of a number of hosts. */
  public FakeHosts permit(int hosts) {
    permitted.release(hosts);
    return this;
  }

  /** Returns true if a boot waits for its permission. */
  public boolean isAwaited() {
    return permitted.hasQueuedThreads();
  }

  @Override
  public Host boot(Runtime runtime, DataSize heap) throws InterruptedException {
    permitted.acquire();
    var host = new FakeHostProcess("host-" + (booted.size() + 1));
    host.memory = heap.toBytes();
    memory.add(host);
    var _ = host.ended().thenRun(() -> memory.remove(host));
    booted.add(host);
    return host;
  }

  @Override
  public Host restore(Runtime runtime, HostImages images, Consumer<HostFolder> prepare)
      throws InterruptedException {
    return boot(runtime, runtime.stem().heap());
  }

  @Override
  public void stepBehind(Host host) {}
}
