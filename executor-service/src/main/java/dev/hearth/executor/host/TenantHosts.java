package dev.hearth.executor.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Which host belongs to whom: one for a tenant's locked-down interpreters, and one for its
 * interpreters with native modules, which only the process walls in. The monitor guards the map.
 */
@Component
public class TenantHosts {

  private record Owner(String tenant, boolean nativeModules) {}

  private final StemPool stems;
  private final HostWall wall;
  private final Map<Owner, HostProcess> hosts = new HashMap<>();

  TenantHosts(StemPool stems, HostWall wall) {
    this.stems = stems;
    this.wall = wall;
  }

  /**
   * The tenant's host, claimed from the pool when it has none that lives.
   *
   * @throws dev.hearth.contracts.HearthException when the tenant may have none here
   */
  public HostProcess of(String tenant, boolean nativeModules) throws InterruptedException {
    wall.requireFor(tenant);
    var owner = new Owner(tenant, nativeModules);
    var known = living(owner);
    if (known.isPresent()) {
      return known.get();
    }
    // Waiting for a boot must not keep others from the map.
    var claimed = stems.claim();
    synchronized (this) {
      var faster = living(owner);
      if (faster.isPresent()) {
        stems.giveBack(claimed);
        return faster.get();
      }
      hosts.put(owner, claimed);
      return claimed;
    }
  }

  private synchronized Optional<HostProcess> living(Owner owner) {
    return Optional.ofNullable(hosts.get(owner)).filter(HostProcess::isAlive);
  }

  /** Ends a host that does not answer; the tenant gets another one next time. */
  public synchronized void discard(HostProcess host) {
    hosts.values().remove(host);
    host.kill();
  }
}
