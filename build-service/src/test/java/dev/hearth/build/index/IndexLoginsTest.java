package dev.hearth.build.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.HearthException;
import dev.hearth.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class IndexLoginsTest {

  private static final String SCHEMA = "build";
  private static final IndexSettings KEY = new IndexSettings("a key of the operator's");

  @TempDir private static Path data;

  private static EmbeddedDatabase database;
  private static DriverManagerDataSource source;
  private static JdbcClient jdbc;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedDatabase.start(data);
    source =
        new DriverManagerDataSource(
            database.url() + "&currentSchema=" + SCHEMA, "postgres", "postgres");
    jdbc = JdbcClient.create(source);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @BeforeEach
  void migrateToPlainPasswords() {
    migrate("5", true);
  }

  private static void migrate(String version, boolean anew) {
    var flyway =
        Flyway.configure()
            .dataSource(source)
            .schemas(SCHEMA)
            .locations("classpath:db/migration/build")
            .target(MigrationVersion.fromVersion(version))
            .cleanDisabled(false)
            .load();
    if (anew) {
      flyway.clean();
    }
    flyway.migrate();
  }

  private String netrc(IndexLogins logins) throws IOException {
    return Files.readString(logins.writeNetrc("acme", folder.resolve("netrc")).orElseThrow());
  }

  private static String stored() {
    return jdbc.sql("SELECT password FROM index_login").query(String.class).single();
  }

  @Test
  void encryptsPlainPasswordsAndKeepsThemUsable() throws IOException {
    jdbc.sql("INSERT INTO index_login VALUES ('acme', 'pypi.example.com', 'me', 's3cret')")
        .update();
    migrate("6", false);

    var logins = new IndexLogins(jdbc, KEY);
    assertThat(stored()).doesNotContain("s3cret");
    assertThat(netrc(logins)).contains("machine pypi.example.com login me password s3cret");

    var once = stored();
    var _ = new IndexLogins(jdbc, KEY);
    assertThat(stored()).isEqualTo(once);
  }

  @Test
  void saysWhatToDoAboutALoginWithAnotherKey() {
    migrate("6", false);
    new IndexLogins(jdbc, KEY).put("acme", "pypi.example.com", "me", "s3cret");

    var others = new IndexLogins(jdbc, new IndexSettings("another key"));
    assertThatThrownBy(() -> netrc(others))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("hearth index login pypi.example.com");
  }
}
