package dev.hearth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of a database: queues with leases, and durable transactions. */
abstract class DatabaseContractTest {

  private final String table = "queue_" + UUID.randomUUID().toString().replace('-', '_');

  abstract String url();

  abstract String user();

  abstract String password();

  @BeforeEach
  void makeQueue() throws SQLException {
    run(
        "CREATE TABLE %s (id int PRIMARY KEY, lease_until timestamptz, state text NOT NULL DEFAULT 'QUEUED' CHECK (state IN ('QUEUED', 'DONE')))"
            .formatted(table));
    run("INSERT INTO %s (id) VALUES (1), (2)".formatted(table));
  }

  @AfterEach
  void dropQueue() throws SQLException {
    run("DROP TABLE " + table);
  }

  @Test
  void twoWorkersLeaseDifferentRows() throws SQLException {
    try (var one = connect();
        var other = connect()) {
      one.setAutoCommit(false);
      other.setAutoCommit(false);

      assertThat(lease(one)).isEqualTo(1);
      assertThat(lease(other)).isEqualTo(2);
      one.rollback();
      other.rollback();
    }
  }

  @Test
  void aRowThatIsRolledBackIsLeasedAgain() throws SQLException {
    try (var one = connect()) {
      one.setAutoCommit(false);
      lease(one);
      one.rollback();

      assertThat(lease(one)).isEqualTo(1);
      one.rollback();
    }
  }

  @Test
  void refusesAnInvalidState() {
    assertThatThrownBy(() -> run("UPDATE %s SET state = 'LOST'".formatted(table)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("check constraint");
  }

  @Test
  void writesDurably() throws SQLException {
    assertThat(shown("fsync")).isEqualTo("on");
    assertThat(shown("synchronous_commit")).isEqualTo("on");
  }

  private int lease(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                """
                UPDATE %1$s SET lease_until = now() + make_interval(secs => 60)
                 WHERE id = (SELECT id FROM %1$s WHERE lease_until IS NULL
                              ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
                RETURNING id
                """
                    .formatted(table))) {
      return found.next() ? found.getInt(1) : 0;
    }
  }

  private String shown(String setting) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var found = statement.executeQuery("SHOW " + setting)) {
      found.next();
      return found.getString(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }
}
