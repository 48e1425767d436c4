package dev.hearth.executor.placement;

import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.node.Node;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.InstancePool.Surroundings;
import dev.hearth.executor.pool.PoolSettings;
import dev.hearth.executor.pool.Usage;
import dev.hearth.executor.start.InstanceStarter;
import dev.hearth.executor.start.StartTools;
import dev.hearth.kit.events.EventPublisher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The placements of this node, by id. */
@Component("nodePlacements") // the topic's consumer is the bean "placements"
public class Placements implements DisposableBean {

  /** Time after a restart by which the scheduler has assigned all placements again. */
  private static final Duration ASSIGNED_WITHIN = Duration.ofMinutes(10);

  private final Map<UUID, InstancePool> pools = new ConcurrentHashMap<>();
  private final Map<UUID, Usage> earlierUsages;
  private final Node node;
  private final NodeMemory memory;
  private final StartTools tools;
  private final Surroundings surroundings;
  private final Eviction eviction;
  private final UsageFile usageFile;
  private final Warmer warmer;
  private final List<Thread> warming;
  private final long startedAt;

  Placements(
      Node node,
      NodeMemory memory,
      StartTools tools,
      PoolSettings poolSettings,
      PlacementSettings settings,
      UsageFile usageFile,
      EventPublisher publisher,
      InstantSource clock,
      Ticker ticker) {
    this.node = node;
    this.memory = memory;
    this.tools = tools;
    this.surroundings = new Surroundings(poolSettings, ticker, clock, publisher::publish);
    this.eviction = new Eviction(tools.hosts());
    this.usageFile = usageFile;
    this.earlierUsages = new ConcurrentHashMap<>(usageFile.read());
    this.warmer = new Warmer(tools.limiter(), this::hasRoom, settings, ticker, clock);
    this.warming = warmer.start();
    this.startedAt = ticker.nanoTime();
    memory.onShortage(this::evict);
  }

  @Scheduled(fixedDelay = 5_000)
  void tend() {
    pools.values().forEach(InstancePool::tend);
    memory.relieve();
  }

  private boolean hasRoom() {
    return tools.runtimes().all().stream()
        .allMatch(runtime -> memory.hasRoomFor(runtime.stem().heap()));
  }

  private boolean evict() {
    return eviction.evictOne(
        pools.values().stream().flatMap(pool -> pool.candidates().stream()).toList());
  }

  /**
   * Adds a placement. A placement that this node already has, or that is meant for an earlier run
   * of the node, is ignored. One whose revision served here before a restart is warmed in the
   * background unless a call starts it; any other one is started at once.
   */
  void start(StartPlacement command) {
    if (!command.node().equals(node.ref())) {
      return;
    }
    pools.computeIfAbsent(
        command.placement(),
        id -> {
          var before = Optional.ofNullable(earlierUsages.remove(command.revision().id()));
          var pool =
              new InstancePool(
                  command,
                  new InstanceStarter(command, tools),
                  surroundings,
                  before,
                  () -> pools.remove(id));
          if (before.isPresent()) {
            warmer.add(pool);
          } else {
            pool.begin();
          }
          return pool;
        });
  }

  /**
   * Ends a placement after its running and waiting calls. The scheduler sends this command once no
   * gateway routes calls here.
   */
  void stop(StopPlacement command) {
    var pool = pools.remove(command.placement());
    if (pool != null) {
      pool.retire();
      pool.end();
    }
  }

  public Optional<InstancePool> find(UUID id) {
    return Optional.ofNullable(pools.get(id));
  }

  /** Returns the ids of all placements, started or not. */
  public List<UUID> ids() {
    return List.copyOf(pools.keySet());
  }

  /** Saves the use of revisions, which orders warming after a restart. */
  @Scheduled(fixedDelay = 10_000)
  void saveUsages() {
    if (pools.isEmpty()) {
      return; // Most likely the scheduler has not assigned placements again yet.
    }
    if (surroundings.ticker().since(startedAt).compareTo(ASSIGNED_WITHIN) > 0) {
      earlierUsages.clear();
    }
    var usages = new HashMap<>(earlierUsages);
    pools.values().forEach(pool -> usages.put(pool.revision().id(), pool.usage()));
    usageFile.write(usages);
  }

  @Override
  public void destroy() {
    saveUsages();
    warming.forEach(Thread::interrupt);
  }
}
