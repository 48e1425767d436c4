package dev.hearth.executor.host;

import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Which host belongs to whom: one for a tenant's locked-down interpreters, and one for its
 * interpreters with native modules, which only the process walls in. The monitor guards the map.
 */
@Component
public class TenantHosts {

  private record Owner(String tenant, boolean nativeModules) {}

  private final StemPool stems;
  private final Map<Owner, HostProcess> hosts = new HashMap<>();

  TenantHosts(StemPool stems) {
    this.stems = stems;
  }

  /** The tenant's host, claimed from the pool when it has none that lives. */
  public synchronized HostProcess of(String tenant, boolean nativeModules)
      throws InterruptedException {
    var owner = new Owner(tenant, nativeModules);
    var host = hosts.get(owner);
    if (host == null || !host.isAlive()) {
      host = stems.claim();
      hosts.put(owner, host);
    }
    return host;
  }

  /** Ends a host that does not answer; the tenant gets another one next time. */
  public synchronized void discard(HostProcess host) {
    hosts.values().remove(host);
    host.kill();
  }
}
