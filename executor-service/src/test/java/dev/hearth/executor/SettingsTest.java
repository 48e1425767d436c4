package dev.hearth.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import jakarta.validation.Validation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

/** Checks the defaults of each settings record, and that a bad value is refused. */
class SettingsTest {

  private static <S> S bind(Class<S> type, Map<String, String> values) {
    var prefix = type.getAnnotation(ConfigurationProperties.class).value();
    var validator =
        new SpringValidatorAdapter(Validation.buildDefaultValidatorFactory().getValidator());
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate(prefix, Bindable.of(type), new ValidationBindHandler(validator));
  }

  private static void refuses(Class<?> type, String name, String value) {
    assertThatThrownBy(() -> bind(type, Map.of(name, value)))
        .as("%s = %s", name, value)
        .isInstanceOf(BindException.class);
  }

  @Test
  void pool() {
    assertThat(bind(PoolSettings.class, Map.of()))
        .isEqualTo(
            new PoolSettings(
                Duration.ofMillis(200),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10)));
    refuses(PoolSettings.class, "executor.pool.grow-after", "0ms");
  }

  @Test
  void host() {
    assertThat(bind(HostSettings.class, Map.of()))
        .isEqualTo(
            new HostSettings(
                Duration.ofSeconds(120),
                Duration.ofSeconds(90),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(64)));
    refuses(HostSettings.class, "executor.host.boot-limit", "0s");
  }

  @Test
  void stems() {
    assertThat(bind(StemSettings.class, Map.of()))
        .isEqualTo(
            new StemSettings(
                1, Duration.ofSeconds(30), Duration.ofSeconds(3), Duration.ofSeconds(30)));
    refuses(StemSettings.class, "executor.host.stems", "0");
  }

  @Test
  void tenants() {
    assertThat(bind(TenantSettings.class, Map.of()))
        .isEqualTo(
            new TenantSettings(
                Duration.ofHours(24),
                1000,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                0.7,
                0.85));
    refuses(TenantSettings.class, "executor.host.full", "1.5");
  }

  @Test
  void sandbox() {
    var settings = bind(SandboxSettings.class, Map.of());
    assertThat(settings.isolation()).isEqualTo(Isolation.SANDBOX);
    assertThat(settings.start()).isEqualTo(HostStart.SNAPSHOT);
    assertThat(settings.trusted()).isEmpty();
    assertThat(settings.temporary()).isEqualTo(DataSize.ofMegabytes(256));
    assertThat(settings.processes()).isEqualTo(1024);
    refuses(SandboxSettings.class, "executor.host.processes", "3");
  }

  @Test
  void snapshots() {
    assertThat(bind(SnapshotSettings.class, Map.of()))
        .isEqualTo(new SnapshotSettings(Duration.ofMillis(500), DataSize.ofGigabytes(8)));
    refuses(SnapshotSettings.class, "executor.host.snapshot-after", "soon");
  }

  @Test
  void memory() {
    assertThat(bind(MemorySettings.class, Map.of()).budget()).isNull();
    refuses(MemorySettings.class, "executor.host.budget", "0MB");
  }

  @Test
  void starts() {
    assertThat(bind(StartSettings.class, Map.of())).isEqualTo(new StartSettings(0, 3));
    refuses(StartSettings.class, "executor.start.hosts-tried", "0");
  }

  @Test
  void node() {
    var settings = bind(NodeSettings.class, Map.of("executor.node.name", "one"));
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(2));
    refuses(NodeSettings.class, "executor.node.name", "");
  }
}
