package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class GatewaySettingsTest {

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(BoundSettings.bind(GatewaySettings.class, Map.of()))
        .isEqualTo(
            new GatewaySettings(
                "gateway-1", Duration.ofSeconds(30), Duration.ofSeconds(45), List.of()));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(() -> BoundSettings.bind(GatewaySettings.class, Map.of("patience", "-1s")))
        .isInstanceOf(BindException.class);
    assertThatThrownBy(() ->
            BoundSettings.bind(GatewaySettings.class, Map.of("trusted-proxies", "10.0.0.0/x")))
        .isInstanceOf(BindException.class);
  }
}
