package dev.hearth.api.gateway;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of calls at the gateway.
 *
 * @param name name of this gateway, unique among gateways and the same over restarts
 * @param patience longest wait of a call for a function that has no placement
 * @param nodePatience longest wait of a call at a node for a permit and for a start
 * @param trustedProxies addresses of proxies, single or as blocks such as 10.0.0.0/8, whose
 *     Forwarded and X-Forwarded headers tell the client, the scheme and the host of calls
 */
@Validated
@ConfigurationProperties("api.gateway")
record GatewaySettings(
    @NotBlank @DefaultValue("gateway-1") String name,
    @DurationMin(millis = 1) @DefaultValue("30s") Duration patience,
    @DurationMin(millis = 1) @DefaultValue("45s") Duration nodePatience,
    @DefaultValue List<String> trustedProxies) {

  GatewaySettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  @AssertTrue(message = "must be addresses or blocks of addresses, as in 10.0.0.1 or 10.0.0.0/8")
  boolean isTrustedProxiesValid() {
    try {
      var _ = new TrustedProxies(trustedProxies);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
