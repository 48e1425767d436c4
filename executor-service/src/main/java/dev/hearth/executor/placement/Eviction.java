package dev.hearth.executor.placement;

import dev.hearth.executor.host.Host;
import dev.hearth.executor.pool.EvictionCandidate;
import dev.hearth.executor.tenant.TenantHosts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees memory by evicting the host of least worth. Only the end of a process frees its memory, so
 * a whole host is ended: one without instances first, else the one whose instances are all idle and
 * together cost least to start again.
 */
final class Eviction {

  private static final Logger log = LoggerFactory.getLogger(Eviction.class);

  private final TenantHosts hosts;

  Eviction(TenantHosts hosts) {
    this.hosts = hosts;
  }

  /** Evicts one host; returns false if all are in use. */
  boolean evictOne(List<EvictionCandidate> instances) {
    return hosts.discardEmpty()
        || cheapest(instances).map(entry -> evict(entry.getKey(), entry.getValue())).orElse(false);
  }

  /** Returns the host to evict, with its instances. */
  static Optional<Map.Entry<Host, List<EvictionCandidate>>> cheapest(
      List<EvictionCandidate> instances) {
    return instances.stream()
        .collect(Collectors.groupingBy(EvictionCandidate::host))
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().instances() == entry.getValue().size())
        .filter(entry -> entry.getValue().stream().allMatch(EvictionCandidate::isFree))
        .min(
            Comparator.comparingDouble(
                entry -> entry.getValue().stream().mapToDouble(EvictionCandidate::value).sum()));
  }

  private boolean evict(Host host, List<EvictionCandidate> instances) {
    var isEnded =
        instances.stream().allMatch(EvictionCandidate::evict) && hosts.discardIfEmpty(host);
    log.atInfo()
        .addKeyValue("host", host.name())
        .addKeyValue("instances", instances.size())
        .addKeyValue("ended", isEnded)
        .log(isEnded ? "instances evicted" : "not all instances could be evicted");
    return isEnded;
  }
}
