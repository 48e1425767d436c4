package dev.hearth.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Each service's schema migrates from every earlier version, and keeps what waited to be sent. */
class MigrationsIT {

  @TempDir private static Path folder = Path.of("unset");
  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedDatabase.start(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  private static DataSource in(String schema) {
    return new DriverManagerDataSource(database.url() + "&currentSchema=" + schema, "postgres", "");
  }

  private static FluentConfiguration migrations(String service, String schema) {
    return Flyway.configure()
        .dataSource(in(schema))
        .defaultSchema(schema)
        .locations("classpath:db/migration/" + service);
  }

  static Stream<Arguments> earlierVersions() {
    return Stream.of("api", "artifact", "build", "scheduler")
        .flatMap(service -> {
          var all = migrations(service, service).load().info().all().length;
          return IntStream.range(1, all).mapToObj(version -> Arguments.of(service, version));
        });
  }

  @ParameterizedTest
  @MethodSource("earlierVersions")
  void migratesFromAnEarlierVersion(String service, int version) {
    var schema = service + version;
    migrations(service, schema).target("" + version).load().migrate();
    var jdbc = JdbcClient.create(in(schema));
    jdbc.sql(
            """
            INSERT INTO outbox (event_id, topic, key, type, payload)
            VALUES (gen_random_uuid(), 'topic', 'key', 'Type', 'waits')
            """)
        .update();

    migrations(service, schema).load().migrate();

    assertThat(jdbc.sql("SELECT payload FROM outbox").query(String.class).single())
        .isEqualTo("waits");
    assertThat(migrations(service, schema).load().info().pending()).isEmpty();
  }
}
