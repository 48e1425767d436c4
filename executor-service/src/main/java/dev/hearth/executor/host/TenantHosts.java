package dev.hearth.executor.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.stereotype.Component;

/**
 * Which hosts belong to whom: some for a tenant's locked-down interpreters, and some for its
 * interpreters with native modules, which only the process walls in. A full one is followed by
 * another. The monitor guards the maps.
 */
@Component
public class TenantHosts {

  private record Owner(String tenant, boolean nativeModules) {}

  private final StemPool stems;
  private final HostWall wall;
  private final HostSettings settings;
  private final Map<Owner, List<HostProcess>> hosts = new HashMap<>();

  /** Claims that are under way: who comes meanwhile waits for the same host. */
  private final Map<Owner, CompletableFuture<HostProcess>> claims = new HashMap<>();

  TenantHosts(StemPool stems, HostWall wall, HostSettings settings) {
    this.settings = settings;
    this.stems = stems;
    this.wall = wall;
  }

  /**
   * A host of the tenant's with room, claimed from the pool when it has none.
   *
   * @param instance will be started there
   * @throws dev.hearth.contracts.HearthException when the tenant may have none here
   */
  public HostProcess of(String tenant, boolean nativeModules, String instance)
      throws InterruptedException {
    wall.requireFor(tenant);
    var owner = new Owner(tenant, nativeModules);
    while (true) {
      var mine = new CompletableFuture<HostProcess>();
      CompletableFuture<HostProcess> under;
      synchronized (this) {
        var known = withRoom(owner);
        if (known.isPresent()) {
          return known.get().reserve(instance);
        }
        under = claims.putIfAbsent(owner, mine);
      }
      if (under == null) {
        return claim(owner, mine, instance);
      }
      try {
        var _ = under.get();
      } catch (ExecutionException _) {
        // The other one was stopped; it is our turn.
      }
    }
  }

  /** Waiting for a boot must not keep others from the maps. */
  private HostProcess claim(Owner owner, CompletableFuture<HostProcess> claim, String instance)
      throws InterruptedException {
    try {
      var host = stems.claim().reserve(instance);
      synchronized (this) {
        hosts.computeIfAbsent(owner, _ -> new ArrayList<>()).add(host);
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

  private synchronized Optional<HostProcess> withRoom(Owner owner) {
    var room = owner.nativeModules() ? settings.nativeInstances() : settings.instances();
    var own = hosts.computeIfAbsent(owner, _ -> new ArrayList<>());
    own.removeIf(host -> !host.isAlive());
    return own.stream().filter(host -> host.instances() < room).findFirst();
  }

  /** Has a host end; the tenant gets another one next time. */
  public void discard(HostProcess host) {
    synchronized (this) {
      hosts.values().forEach(own -> own.remove(host));
    }
    host.retire();
  }
}
