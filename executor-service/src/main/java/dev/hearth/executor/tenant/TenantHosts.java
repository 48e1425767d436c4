package dev.hearth.executor.tenant;

import dev.hearth.contracts.HearthException;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.runtime.Sharing;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.snapshot.HostImages;
import dev.hearth.executor.stem.StemPools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The hosts of each tenant. Instances share them as their runtime says, and a full host is followed
 * by another one. Thread-safe: the monitor guards the collections.
 */
@Component
public class TenantHosts {

  private static final Logger log = LoggerFactory.getLogger(TenantHosts.class);

  private final StemPools stems;
  private final HostSandbox sandbox;
  private final HostWear wear;
  private final TenantSettings settings;
  private final Map<Owner, List<Host>> hosts = new HashMap<>();

  /** Hosts whose heap is nearly used up; they get no further instances for now. */
  private final Set<Host> full = new HashSet<>();

  /** Claims under way, for which further requests for the same hosts wait. */
  private final Map<Owner, CompletableFuture<Host>> claims = new HashMap<>();

  /**
   * Key of the hosts that a request may use.
   *
   * @param instance the only instance of a host of its own, or empty where instances share
   */
  private record Owner(String tenant, String runtime, Sharing sharing, String instance) {

    static Owner of(HostRequest request) {
      var isAlone = request.sharing() == Sharing.OWN_PROCESS;
      return new Owner(
          request.tenant(),
          request.runtime().name(),
          request.sharing(),
          isAlone ? request.instance() : "");
    }
  }

  TenantHosts(StemPools stems, HostSandbox sandbox, HostWear wear, TenantSettings settings) {
    this.stems = stems;
    this.sandbox = sandbox;
    this.wear = wear;
    this.settings = settings;
  }

  /**
   * Returns a host of the tenant with a place for the instance; claims a stem if there is none.
   *
   * @throws HearthException if the tenant may have no host here, or all memory is in use
   */
  public Host of(HostRequest request) throws InterruptedException {
    sandbox.requireFor(request.tenant());
    var owner = Owner.of(request);
    if (request.sharing() == Sharing.OWN_PROCESS) {
      var pool = stems.of(request.runtime());
      var own = request.heap().isPresent() ? pool.boot(request.heap().get()) : pool.claim();
      own.reserve(request.instance());
      add(owner, own, request);
      return own;
    }
    while (true) {
      var mine = new CompletableFuture<Host>();
      CompletableFuture<Host> other;
      synchronized (this) {
        var known = withRoom(owner, request);
        if (known.isPresent()) {
          known.get().reserve(request.instance());
          return known.get();
        }
        other = claims.putIfAbsent(owner, mine);
      }
      if (other == null) {
        return claim(owner, mine, request);
      }
      await(other);
    }
  }

  /** Waits for the claim of another request; also returns if that was interrupted. */
  private static void await(CompletableFuture<Host> claim) throws InterruptedException {
    try {
      var _ = claim.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof HearthException refused) {
        throw refused;
      }
    }
  }

  /** Claims a stem without holding the monitor, because a boot takes long. */
  private Host claim(Owner owner, CompletableFuture<Host> claim, HostRequest request)
      throws InterruptedException {
    try {
      var host = stems.of(request.runtime()).claim();
      host.reserve(request.instance());
      add(owner, host, request);
      claim.complete(host);
      return host;
    } catch (HearthException refused) {
      claim.completeExceptionally(refused);
      throw refused;
    } finally {
      synchronized (this) {
        claims.remove(owner, claim);
      }
      // Without effect if the claim was completed above.
      claim.completeExceptionally(new IllegalStateException("the claim was given up"));
    }
  }

  /**
   * Restores a host from the snapshot of an instance; the host ends with this instance.
   *
   * @param prepare fills the folder with the files that the host had
   * @return the host, or empty if there is no room
   * @throws IllegalStateException if the host does not answer
   */
  public Optional<Host> restored(
      HostRequest request, HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    sandbox.requireFor(request.tenant());
    var host = stems.of(request.runtime()).restore(images, prepare);
    host.ifPresent(restored -> {
      restored.endWithInstance();
      restored.reserve(request.instance());
      add(Owner.of(request), restored, request);
    });
    return host;
  }

  private synchronized void add(Owner owner, Host host, HostRequest request) {
    hosts.computeIfAbsent(owner, _ -> new ArrayList<>()).add(host);
    wear.add(host, request.runtime(), request.sharing());
  }

  private Optional<Host> withRoom(Owner owner, HostRequest request) {
    var room = request.runtime().instancesPerHost(request.sharing());
    return hosts.getOrDefault(owner, List.of()).stream()
        .filter(host ->
            host.isAlive()
                && !host.isLeaving()
                && !full.contains(host)
                && !host.endsWithInstance()
                && host.instances() < room)
        .findFirst();
  }

  /** Ends a host; the tenant gets another one next time. */
  public void discard(Host host) {
    forget(host);
    host.retire();
  }

  private synchronized void forget(Host host) {
    hosts.values().forEach(own -> own.remove(host));
    hosts.values().removeIf(List::isEmpty);
    full.remove(host);
    wear.forget(host);
  }

  /**
   * Ends a host if it has no instances, and waits until its memory is free.
   *
   * @return true if the host had none
   */
  public boolean discardIfEmpty(Host host) {
    synchronized (this) {
      if (host.instances() > 0) {
        return false;
      }
      forget(host);
    }
    host.quiet().join();
    host.kill();
    host.ended().join();
    return true;
  }

  /** Ends one host without instances; returns false if there is none. */
  public boolean discardEmpty() {
    return all().stream().anyMatch(this::discardIfEmpty);
  }

  /** Returns the hosts of all tenants. */
  synchronized List<Host> all() {
    return hosts.values().stream().flatMap(List::stream).toList();
  }

  /** Ends idle hosts and replaces worn-out ones. */
  @Scheduled(fixedDelay = 10_000)
  void tend() throws InterruptedException {
    for (var host : all()) {
      if (!host.isAlive()) {
        forget(host);
      } else if (host.idle().compareTo(settings.idle()) > 0) {
        var _ = discardIfEmpty(host);
      } else if (!host.isLeaving()) {
        inspect(host);
      }
    }
  }

  private void inspect(Host host) throws InterruptedException {
    var state = host.state();
    setFull(host, state.filter(used -> used.heap() > settings.full()).isPresent());
    wear.reasonToLeave(host, state)
        .ifPresent(reason -> {
          log.atInfo()
              .addKeyValue("host", host.name())
              .addKeyValue("reason", reason)
              .log("host gets no more instances");
          host.leave();
        });
  }

  private synchronized void setFull(Host host, boolean isFull) {
    if (isFull) {
      full.add(host);
    } else {
      full.remove(host);
    }
  }
}
