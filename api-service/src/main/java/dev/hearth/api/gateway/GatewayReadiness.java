package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Checks after a start whether all deployed functions take calls again. */
@Component
public class GatewayReadiness {

  private final JdbcClient jdbc;
  private final RouteTable routes;

  GatewayReadiness(JdbcClient jdbc, RouteTable routes) {
    this.jdbc = jdbc;
    this.routes = routes;
  }

  /**
   * Returns true if each function with a live revision has a target in a route that was published
   * since the given time.
   */
  public boolean servesAllSince(Instant start) {
    return jdbc
        .sql("SELECT DISTINCT tenant, function FROM revision WHERE state = 'LIVE'")
        .query((row, _) -> new FunctionKey(row.getString("tenant"), row.getString("function")))
        .list()
        .stream()
        .allMatch(function ->
            routes
                .find(function)
                .filter(route -> !route.targets().isEmpty())
                .filter(route -> !route.occurredAt().isBefore(start))
                .isPresent());
  }
}
