package dev.hearth.executor.host;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Tells what stands between tenants on this node, and how its host processes start. */
@Component("hosts")
class HostsHealthIndicator implements HealthIndicator {

  private final HostWall wall;
  private final HostSettings settings;
  private final StemSnapshot stem;

  HostsHealthIndicator(HostWall wall, HostSettings settings, StemSnapshot stem) {
    this.wall = wall;
    this.settings = settings;
    this.stem = stem;
  }

  @Override
  public Health health() {
    return Health.up()
        .withDetail("isolation", isolation())
        .withDetail("start", stem.startName())
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
