package dev.hearth.executor;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.executor.host.HostSettings;
import dev.hearth.executor.memory.MemorySettings;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.pool.PoolSettings;
import dev.hearth.executor.sandbox.HostStart;
import dev.hearth.executor.sandbox.Isolation;
import dev.hearth.executor.sandbox.SandboxSettings;
import dev.hearth.executor.snapshot.SnapshotSettings;
import dev.hearth.executor.start.StartSettings;
import dev.hearth.executor.stem.StemSettings;
import dev.hearth.executor.tenant.TenantSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Checks the defaults of each settings record, and that a bad value is refused. */
class SettingsTest {

  @Test
  void poolsHaveDefaultsAndRefuseNoPause() {
    assertThat(bind(PoolSettings.class, Map.of()))
        .isEqualTo(
            new PoolSettings(
                Duration.ofMillis(200),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10)));
    assertRefused(PoolSettings.class, "grow-after", "0ms");
  }

  @Test
  void hostsHaveDefaultsAndRefuseNoTimeToBoot() {
    assertThat(bind(HostSettings.class, Map.of()))
        .isEqualTo(
            new HostSettings(
                Duration.ofSeconds(120),
                Duration.ofSeconds(90),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(64)));
    assertRefused(HostSettings.class, "boot-limit", "0s");
  }

  @Test
  void stemsHaveDefaultsAndAreAtLeastOne() {
    assertThat(bind(StemSettings.class, Map.of()))
        .isEqualTo(
            new StemSettings(
                1, Duration.ofSeconds(30), Duration.ofSeconds(3), Duration.ofSeconds(30)));
    assertRefused(StemSettings.class, "stems", "0");
  }

  @Test
  void tenantsHaveDefaultsAndRefuseAShareAboveOne() {
    assertThat(bind(TenantSettings.class, Map.of()))
        .isEqualTo(
            new TenantSettings(
                Duration.ofHours(24),
                1000,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                0.7,
                0.85));
    assertRefused(TenantSettings.class, "full", "1.5");
  }

  @Test
  void sandboxesHaveDefaultsAndRefuseTooFewProcesses() {
    var settings = bind(SandboxSettings.class, Map.of());
    assertThat(settings.isolation()).isEqualTo(Isolation.SANDBOX);
    assertThat(settings.start()).isEqualTo(HostStart.SNAPSHOT);
    assertThat(settings.trusted()).isEmpty();
    assertThat(settings.processes()).isEqualTo(1024);
    assertRefused(SandboxSettings.class, "processes", "3");
  }

  @Test
  void snapshotsHaveDefaultsAndRefuseATextForATime() {
    assertThat(bind(SnapshotSettings.class, Map.of()))
        .isEqualTo(new SnapshotSettings(Duration.ofMillis(500), DataSize.ofGigabytes(8)));
    assertRefused(SnapshotSettings.class, "snapshot-after", "soon");
  }

  @Test
  void memoryHasNoBudgetUnlessOneIsSet() {
    assertThat(bind(MemorySettings.class, Map.of()).budget()).isNull();
    assertRefused(MemorySettings.class, "budget", "0MB");
  }

  @Test
  void startsHaveDefaultsAndTryAtLeastOneHost() {
    assertThat(bind(StartSettings.class, Map.of())).isEqualTo(new StartSettings(0, 3));
    assertRefused(StartSettings.class, "hosts-tried", "0");
  }

  @Test
  void nodesHaveDefaultsAndRefuseAnEmptyName() {
    var settings = bind(NodeSettings.class, Map.of("name", "one"));
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(2));
    assertRefused(NodeSettings.class, "name", "");
  }
}
