package dev.hearth.api.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class TenantSettingsTest {

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(BoundSettings.bind(TenantSettings.class, Map.of("key", "0123456789abcdef01234567")))
        .isEqualTo(new TenantSettings("default", "0123456789abcdef01234567"));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(() -> BoundSettings.bind(TenantSettings.class, Map.of("key", "too short")))
        .isInstanceOf(BindException.class);
  }
}
