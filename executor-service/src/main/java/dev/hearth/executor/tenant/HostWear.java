package dev.hearth.executor.tenant;

import dev.hearth.contracts.host.HostState;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Sharing;
import dev.hearth.executor.sandbox.HostSandbox;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Decides which hosts are worn out, so that their instances should move to new ones. */
@Component
class HostWear {

  /** Share of the heap that ended instances may leave in use. */
  private static final double LOST = 0.33;

  /**
   * Age below which {@link #LOST} does not count, so that hosts do not replace each other at once.
   */
  private static final Duration LOSING = Duration.ofSeconds(30);

  private final TenantSettings settings;
  private final int processes;
  private final Map<Host, Use> uses = new ConcurrentHashMap<>();

  private record Use(Runtime runtime, Sharing sharing) {}

  HostWear(TenantSettings settings, HostSandbox sandbox) {
    this.settings = settings;
    this.processes = sandbox.processes();
  }

  /** Remembers the runtime and the sharing of a host. */
  void add(Host host, Runtime runtime, Sharing sharing) {
    uses.put(host, new Use(runtime, sharing));
  }

  void forget(Host host) {
    uses.remove(host);
  }

  /** Returns why a host should take no further instances; empty if it may. */
  Optional<String> reasonToLeave(Host host, Optional<HostState> state) {
    if (host.age().compareTo(settings.age()) > 0) {
      return Optional.of("age");
    }
    if (host.hadInstances() >= settings.lives()) {
      return Optional.of("instances");
    }
    if (host.age().compareTo(LOSING) > 0 && hasLostHeap(host)) {
      return Optional.of("native instances");
    }
    return host.age().compareTo(settings.young()) < 0
        ? Optional.empty()
        : state.flatMap(this::usedUp);
  }

  private boolean hasLostHeap(Host host) {
    var use = uses.get(host);
    if (use == null) {
      return false;
    }
    var ended = host.hadInstances() - host.instances();
    var lost = ended * use.runtime().leftByInstance(use.sharing()).toBytes();
    return lost > LOST * use.runtime().stem().heap().toBytes();
  }

  private Optional<String> usedUp(HostState state) {
    if (state.heap() > settings.usedUp()) {
      return Optional.of("heap");
    }
    if (state.descriptors() > settings.usedUp()) {
      return Optional.of("descriptors");
    }
    return state.threads() > settings.usedUp() * processes
        ? Optional.of("threads")
        : Optional.empty();
  }
}
