package dev.hearth.executor;

import dev.hearth.executor.memory.MemorySettings;
import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.runtime.Runtimes;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.sandbox.HostStart;
import dev.hearth.executor.sandbox.Isolation;
import dev.hearth.executor.sandbox.SandboxSettings;
import dev.hearth.executor.stem.BootGate;
import dev.hearth.executor.stem.StemPools;
import dev.hearth.executor.stem.StemSettings;
import dev.hearth.testkit.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** The lower parts of a node, with hosts in memory and a clock that the test moves. */
public final class NodeFixture {

  public final MovableClock clock = new MovableClock();
  public final TestTicker ticker = new TestTicker(clock);
  public final FakeRuntime runtime = new FakeRuntime();
  public final NodeMemory memory;
  public final FakeHosts hosts;
  public final BootGate gate;
  public final StemPools stems;
  public final HostSandbox sandbox =
      new HostSandbox(
          new SandboxSettings(
              Isolation.PROCESS, "bwrap", HostStart.PLAIN, null, Set.of(), Set.of(), null, 64));

  /** Creates a node whose hosts may hold the given MB together. */
  public NodeFixture(int budget) {
    this.memory = new NodeMemory(new MemorySettings(DataSize.ofMegabytes(budget)));
    this.hosts = new FakeHosts(memory);
    var settings =
        new StemSettings(1, Duration.ofSeconds(30), Duration.ofSeconds(3), Duration.ofSeconds(30));
    this.gate = new BootGate(settings, ticker);
    this.stems =
        new StemPools(new Runtimes(List.of(runtime)), hosts, memory, gate, settings, ticker);
  }
}
