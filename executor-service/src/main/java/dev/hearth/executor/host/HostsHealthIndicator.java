package dev.hearth.executor.host;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Tells what stands between tenants on this node, how its host processes start, what they hold. */
@Component("hosts")
class HostsHealthIndicator implements HealthIndicator {

  private final HostWall wall;
  private final HostSettings settings;
  private final StemSnapshot stem;
  private final NodeMemory memory;

  HostsHealthIndicator(HostWall wall, HostSettings settings, StemSnapshot stem, NodeMemory memory) {
    this.wall = wall;
    this.settings = settings;
    this.stem = stem;
    this.memory = memory;
  }

  @Override
  public Health health() {
    return Health.up()
        .withDetail("isolation", isolation())
        .withDetail("start", stem.startName())
        .withDetail(
            "memory",
            "%d of %d MiB".formatted(memory.used().toMegabytes(), memory.budget().toMegabytes()))
        .build();
  }

  private String isolation() {
    if (wall.stands()) {
      return "sandbox";
    }
    return settings.isolation() == Isolation.SANDBOX
        ? "none: bubblewrap cannot be used, so only trusted tenants run here"
        : "process: the operator chose to have no wall around host processes";
  }
}
