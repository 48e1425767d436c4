package dev.hearth.embedded;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Runs the database contract on PostgreSQL in a container. */
@EnabledIfEnvironmentVariable(
    named = "HEARTH_TEST_CONTAINERS",
    matches = "1",
    disabledReason = "needs a container engine: ./hearth test --containers")
class PostgresContainerIT extends DatabaseContractTest {

  private static final PostgreSQLContainer server =
      new PostgreSQLContainer("postgres:18.6").withCommand("postgres");

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  String url() {
    return server.getJdbcUrl();
  }

  @Override
  String user() {
    return server.getUsername();
  }

  @Override
  String password() {
    return server.getPassword();
  }
}
