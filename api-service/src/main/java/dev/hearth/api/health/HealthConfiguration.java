package dev.hearth.api.health;

import java.util.Map;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides the broker client of the health check. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

  @Bean(destroyMethod = "close")
  AdminClient healthBroker(HealthSettings settings) {
    return AdminClient.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            settings.brokers(),
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            String.valueOf(settings.patience().toMillis()),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            String.valueOf(settings.patience().toMillis())));
  }
}
