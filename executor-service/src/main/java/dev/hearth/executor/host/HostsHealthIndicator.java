package dev.hearth.executor.host;

import dev.hearth.executor.sandbox.HostSandbox;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Reports how this node isolates tenants, and how its host processes start. */
@Component("hosts")
class HostsHealthIndicator implements HealthIndicator {

  private final HostSandbox sandbox;
  private final StemSnapshots snapshots;

  HostsHealthIndicator(HostSandbox sandbox, StemSnapshots snapshots) {
    this.sandbox = sandbox;
    this.snapshots = snapshots;
  }

  @Override
  public Health health() {
    return Health.up()
        .withDetail("isolation", sandbox.description())
        .withDetail("start", snapshots.startName())
        .build();
  }
}
