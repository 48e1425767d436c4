package dev.hearth.executor.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.stereotype.Component;

/**
 * Which host belongs to whom: one for a tenant's locked-down interpreters, and one for its
 * interpreters with native modules, which only the process walls in. The monitor guards the maps.
 */
@Component
public class TenantHosts {

  private record Owner(String tenant, boolean nativeModules) {}

  private final StemPool stems;
  private final HostWall wall;
  private final Map<Owner, HostProcess> hosts = new HashMap<>();

  /** Claims that are under way: who comes meanwhile waits for the same host. */
  private final Map<Owner, CompletableFuture<HostProcess>> claims = new HashMap<>();

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
    while (true) {
      var mine = new CompletableFuture<HostProcess>();
      CompletableFuture<HostProcess> under;
      synchronized (this) {
        var known = living(owner);
        if (known.isPresent()) {
          return known.get();
        }
        under = claims.putIfAbsent(owner, mine);
      }
      if (under == null) {
        return claim(owner, mine);
      }
      try {
        return under.get();
      } catch (ExecutionException _) {
        // The other one was stopped; it is our turn.
      }
    }
  }

  /** Waiting for a boot must not keep others from the maps. */
  private HostProcess claim(Owner owner, CompletableFuture<HostProcess> claim)
      throws InterruptedException {
    try {
      var host = stems.claim();
      synchronized (this) {
        hosts.put(owner, host);
      }
      claim.complete(host);
      return host;
    } finally {
      synchronized (this) {
        claims.remove(owner, claim);
      }
      // Means something only where there is no host.
      claim.completeExceptionally(new IllegalStateException("the claim was given up"));
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
