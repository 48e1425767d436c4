package dev.hearth.executor.pool;

import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.executor.artifact.ArtifactCache;
import dev.hearth.executor.artifact.BytecodeCache;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.host.NodeEgress;
import dev.hearth.executor.host.NodeMemory;
import dev.hearth.executor.host.RevisionSnapshots;
import dev.hearth.executor.host.StemPool;
import dev.hearth.executor.host.TenantHosts;
import dev.hearth.executor.node.Node;
import dev.hearth.executor.output.FunctionOutput;
import dev.hearth.kit.events.EventPublisher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The instances that this node keeps, by id. */
@Component("nodePlacements") // the topic's consumer is the bean "placements"
public class Placements {

  private static final Logger log = LoggerFactory.getLogger(Placements.class);
  private static final Duration ROUTE_DELAY = Duration.ofSeconds(5);

  private final Map<UUID, InstancePool> instances = new ConcurrentHashMap<>();
  private final Node node;
  private final NodeMemory memory;
  private final PoolTools tools;

  /** What every instance needs. */
  record PoolTools(
      Node node,
      ArtifactCache artifacts,
      BytecodeCache bytecode,
      StemPool stems,
      TenantHosts hosts,
      StartLimiter turns,
      RevisionSnapshots snapshots,
      NodeEgress egress,
      FunctionOutput output,
      EventPublisher publisher,
      InstantSource clock) {}

  Placements(
      Node node,
      ArtifactCache artifacts,
      BytecodeCache bytecode,
      StemPool stems,
      TenantHosts hosts,
      StartLimiter turns,
      RevisionSnapshots snapshots,
      NodeEgress egress,
      NodeMemory memory,
      FunctionOutput output,
      EventPublisher publisher,
      InstantSource clock) {
    this.node = node;
    this.memory = memory;
    this.tools =
        new PoolTools(
            node, artifacts, bytecode, stems, hosts, turns, snapshots, egress, output, publisher,
            clock);
    memory.onShortage(this::evict);
  }

  /** Looks after what is kept. */
  @Scheduled(fixedDelay = 5_000)
  void tend() {
    instances.values().forEach(InstancePool::tend);
    memory.relieve();
  }

  /**
   * Ends the host whose instances are worth least, of those that can do without all theirs: memory
   * comes back with the process only.
   */
  private boolean evict() {
    if (tools.hosts().discardEmpty()) {
      return true;
    }
    Map<HostProcess, List<EvictionCandidate>> byHost =
        instances.values().stream()
            .flatMap(instance -> instance.spare().stream())
            .collect(Collectors.groupingBy(EvictionCandidate::host));
    var cheapest =
        byHost.entrySet().stream()
            .filter(entry -> entry.getKey().instances() == entry.getValue().size())
            .filter(entry -> entry.getValue().stream().allMatch(EvictionCandidate::isFree))
            .min(
                Comparator.comparingDouble(entry ->
                    entry.getValue().stream().mapToDouble(EvictionCandidate::value).sum()));
    return cheapest.isPresent() && evict(cheapest.get().getKey(), cheapest.get().getValue());
  }

  private boolean evict(HostProcess host, List<EvictionCandidate> lives) {
    var isEmpty =
        lives.stream().allMatch(EvictionCandidate::evict) && tools.hosts().discardIfEmpty(host);
    log.atInfo()
        .addKeyValue("host", host.name())
        .addKeyValue("instances", lives.size())
        .addKeyValue("ended", isEmpty)
        .log("instances evicted");
    return isEmpty;
  }

  /**
   * Starts keeping an instance; does nothing when it is kept already or meant for an earlier run.
   */
  void start(StartPlacement command) {
    if (!command.node().equals(node.ref())) {
      return;
    }
    instances.computeIfAbsent(
        command.placement(),
        id -> {
          var instance = new InstancePool(command, tools, () -> instances.remove(id));
          instance.begin();
          return instance;
        });
  }

  /** Ends an instance after its calls. */
  void stop(StopPlacement command) throws InterruptedException {
    find(command.placement()).ifPresent(InstancePool::retire);
    // The new route may still be on its way to gateways.
    Thread.sleep(ROUTE_DELAY);
    var instance = instances.remove(command.placement());
    if (instance != null) {
      instance.end();
    }
  }

  public Optional<InstancePool> find(UUID id) {
    return Optional.ofNullable(instances.get(id));
  }

  /** Ids of all placements, ready or not. */
  public List<UUID> ids() {
    return List.copyOf(instances.keySet());
  }
}
