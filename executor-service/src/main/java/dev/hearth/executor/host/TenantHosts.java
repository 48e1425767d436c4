package dev.hearth.executor.host;

import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.host.HostState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Which hosts belong to whom: some for a tenant's locked-down interpreters, some for its
 * interpreters with native modules, which only the process walls in, and one for each that wants a
 * heap of its own. A full one is followed by another. The monitor guards the maps.
 */
@Component
public class TenantHosts {

  private static final Logger log = LoggerFactory.getLogger(TenantHosts.class);

  /** How long a host without instances waits for the next one. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** How long a host that is used up serves all the same, so that hosts do not chase each other. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  /** Of its heap or its descriptors: what is used up above this is not given back any more. */
  private static final double MUCH = 0.85;

  /** Of its heap: a host that needs this much gets no more instances until it needs less. */
  private static final double FULL = 0.7;

  /** What an instance with native modules leaves in its host's heap when it ends, see ADR 12. */
  private static final DataSize LEFT = DataSize.ofMegabytes(16);

  /** The part of the heap that may be lost so, and how long it takes at least. */
  private static final double LOST = 0.33;

  private static final Duration LOSING = Duration.ofSeconds(30);

  private final StemPool stems;
  private final HostWall wall;
  private final HostSettings settings;
  private final Map<Owner, List<HostProcess>> hosts = new HashMap<>();

  /** Claims that are under way: who comes meanwhile waits for the same host. */
  private final Map<Owner, CompletableFuture<HostProcess>> claims = new HashMap<>();

  /**
   * Who a host is for.
   *
   * @param alone the one instance that it is for, or empty
   */
  private record Owner(String tenant, boolean nativeModules, String alone) {}

  TenantHosts(StemPool stems, HostWall wall, HostSettings settings) {
    this.settings = settings;
    this.stems = stems;
    this.wall = wall;
  }

  /**
   * A host of the tenant's with room, claimed from the pool when it has none.
   *
   * @param heap of a host of its own, when it is to have one
   * @param instance will be started there
   * @throws HearthException when the tenant may have none here
   */
  public HostProcess of(
      String tenant, boolean nativeModules, Optional<DataSize> heap, String instance)
      throws InterruptedException {
    wall.requireFor(tenant);
    if (heap.isPresent()) {
      var own = stems.boot(heap.get()).reserve(instance);
      add(new Owner(tenant, nativeModules, instance), own);
      return own;
    }
    var owner = new Owner(tenant, nativeModules, "");
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
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof HearthException refused) {
          throw refused;
        }
        // The other one was stopped; it is our turn.
      }
    }
  }

  /**
   * A host made anew for an instance that was written down, and for it alone.
   *
   * @param instance as it was called when it was written down
   * @param prepare shows the host what it saw
   * @return nothing where there is no room
   * @throws IllegalStateException when it does not live
   */
  public Optional<HostProcess> restored(
      String tenant,
      boolean nativeModules,
      String instance,
      HostImages images,
      Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    wall.requireFor(tenant);
    var host = stems.restore(images, prepare).map(made -> made.ofOne().reserve(instance));
    host.ifPresent(made -> add(new Owner(tenant, nativeModules, ""), made));
    return host;
  }

  /** Waiting for a boot must not keep others from the maps. */
  private HostProcess claim(Owner owner, CompletableFuture<HostProcess> claim, String instance)
      throws InterruptedException {
    try {
      var host = stems.claim().reserve(instance);
      add(owner, host);
      claim.complete(host);
      return host;
    } catch (HearthException refused) {
      claim.completeExceptionally(refused);
      throw refused;
    } finally {
      synchronized (this) {
        claims.remove(owner, claim);
      }
      // Means something only where there is no host.
      claim.completeExceptionally(new IllegalStateException("the claim was given up"));
    }
  }

  private synchronized void add(Owner owner, HostProcess host) {
    hosts.computeIfAbsent(owner, _ -> new ArrayList<>()).add(host);
  }

  private Optional<HostProcess> withRoom(Owner owner) {
    var room = owner.nativeModules() ? settings.nativeInstances() : settings.instances();
    return hosts.getOrDefault(owner, List.of()).stream()
        .filter(host ->
            host.isAlive()
                && !host.isLeaving()
                && !host.isFull()
                && !host.isOfOne()
                && host.instances() < room)
        .findFirst();
  }

  /** Has a host end; the tenant gets another one next time. */
  public void discard(HostProcess host) {
    forget(host);
    host.retire();
  }

  private synchronized void forget(HostProcess host) {
    hosts.values().forEach(own -> own.remove(host));
    hosts.values().removeIf(List::isEmpty);
  }

  /** Has a host end that has no instances; whether it had none. Its memory is free then. */
  public boolean discardIfEmpty(HostProcess host) {
    synchronized (this) {
      if (host.instances() > 0) {
        return false;
      }
      forget(host);
    }
    host.kill();
    host.ended().join();
    return true;
  }

  /** Ends one that has no instances; whether there was one. */
  public boolean discardEmpty() {
    return all().stream().anyMatch(this::discardIfEmpty);
  }

  private synchronized List<HostProcess> all() {
    return hosts.values().stream().flatMap(List::stream).toList();
  }

  private synchronized boolean isNative(HostProcess host) {
    return hosts.entrySet().stream()
        .anyMatch(entry -> entry.getKey().nativeModules() && entry.getValue().contains(host));
  }

  /** Ends hosts that nobody needs, and has those followed by others that have served enough. */
  @Scheduled(fixedDelay = 10_000)
  void tend() throws InterruptedException {
    for (var host : all()) {
      if (!host.isAlive()) {
        forget(host);
      } else if (host.idle().compareTo(IDLE) > 0) {
        var _ = discardIfEmpty(host);
      } else if (!host.isLeaving()) {
        var state = state(host);
        host.full(state.filter(used -> used.heap() > FULL).isPresent());
        why(host, state)
            .ifPresent(reason -> {
              log.atInfo()
                  .addKeyValue("host", host.name())
                  .addKeyValue("reason", reason)
                  .log("host gets no more instances");
              host.leave();
            });
      }
    }
  }

  /** Why a host should serve no longer. */
  private Optional<String> why(HostProcess host, Optional<HostState> state) {
    if (host.age().compareTo(settings.age()) > 0) {
      return Optional.of("age");
    }
    if (host.hadInstances() >= settings.lives()) {
      return Optional.of("instances");
    }
    var ended = host.hadInstances() - host.instances();
    if (isNative(host)
        && host.age().compareTo(LOSING) > 0
        && ended * LEFT.toBytes() > LOST * settings.heap().toBytes()) {
      return Optional.of("native instances");
    }
    return host.age().compareTo(YOUNG) < 0 ? Optional.empty() : state.flatMap(this::usedUp);
  }

  private Optional<String> usedUp(HostState state) {
    if (state.heap() > MUCH) {
      return Optional.of("heap");
    }
    if (state.descriptors() > MUCH) {
      return Optional.of("descriptors");
    }
    return state.threads() > MUCH * settings.processes()
        ? Optional.of("threads")
        : Optional.empty();
  }

  private static Optional<HostState> state(HostProcess host) throws InterruptedException {
    try {
      return Optional.of(host.state());
    } catch (ExecutionException | TimeoutException _) {
      // Whoever calls it finds out.
      return Optional.empty();
    }
  }
}
