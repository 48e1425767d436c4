package dev.hearth.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcOutboxTableIT extends OutboxTableContract {

  @TempDir static Path folder;

  private static EmbeddedDatabase database;
  private static NamedParameterJdbcTemplate template;
  private static JdbcClient jdbc;
  private static TransactionTemplate transaction;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedDatabase.start(folder);
    var source =
        new DriverManagerDataSource(database.url() + "&currentSchema=scheduler", "postgres", "");
    Flyway.configure()
        .dataSource(source)
        .defaultSchema("scheduler")
        .locations("classpath:db/migration/scheduler")
        .load()
        .migrate();
    template = new NamedParameterJdbcTemplate(source);
    jdbc = JdbcClient.create(template);
    transaction = new TransactionTemplate(new JdbcTransactionManager(source));
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @Override
  OutboxTable empty() {
    jdbc.sql("DELETE FROM outbox").update();
    return new JdbcOutboxTable(template, transaction);
  }

  @Test
  void appendsInTheCallersTransaction() {
    var table = empty();

    assertThatThrownBy(() ->
            transaction.executeWithoutResult(_ -> {
              table.append(List.of(entry("a", 1)));
              throw new IllegalStateException("rolled back");
            }))
        .hasMessage("rolled back");

    assertThat(table.relay(10, to(new ArrayList<>()))).isZero();
  }

  @Test
  void sendsEntriesOfAnEarlierVersion() {
    var table = empty();
    jdbc.sql(
            """
            INSERT INTO outbox (event_id, topic, key, type, payload)
            VALUES ('00000000-0000-0000-0000-000000000001', 'routes', 'a/b', 'RoutePublished', '{}')
            """)
        .update();
    var sent = new ArrayList<OutboxTable.Entry>();

    table.relay(10, to(sent));

    assertThat(sent)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.envelope().type()).isEqualTo("RoutePublished");
          assertThat(entry.envelope().time()).isEmpty();
        });
  }
}
