package dev.hearth.executor.stem;

import dev.hearth.executor.host.Hosts;
import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Runtimes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The stem pools of this node, one for each runtime. */
@Component
public class StemPools implements SmartLifecycle {

  private final Map<String, StemPool> byRuntime = new LinkedHashMap<>();
  private volatile boolean isRunning;

  public StemPools(
      Runtimes runtimes,
      Hosts hosts,
      NodeMemory memory,
      BootGate gate,
      StemSettings settings,
      Ticker ticker) {
    for (var runtime : runtimes.all()) {
      byRuntime.put(runtime.name(), new StemPool(runtime, hosts, memory, gate, settings, ticker));
    }
  }

  /** Returns the pool of a runtime. */
  public StemPool of(Runtime runtime) {
    var pool = byRuntime.get(runtime.name());
    if (pool == null) {
      throw new IllegalArgumentException("no stem pool for runtime " + runtime.name());
    }
    return pool;
  }

  /** Returns the number of stems of all runtimes. */
  public int size() {
    return byRuntime.values().stream().mapToInt(StemPool::size).sum();
  }

  /** Returns true once every runtime has had a stem. */
  public boolean wasReady() {
    return byRuntime.values().stream().allMatch(StemPool::wasReady);
  }

  @Override
  public void start() {
    isRunning = true;
    byRuntime.values().forEach(StemPool::start);
  }

  @Override
  public void stop() {
    isRunning = false;
    byRuntime.values().forEach(StemPool::stop);
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }
}
