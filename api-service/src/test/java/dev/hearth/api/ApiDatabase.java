package dev.hearth.api;

import dev.hearth.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A database with the tables of this service, for one test class. */
public final class ApiDatabase implements AutoCloseable {

  private final EmbeddedDatabase database;
  private final SingleConnectionDataSource source;

  public ApiDatabase(Path folder) throws IOException {
    database = EmbeddedDatabase.start(folder);
    source =
        new SingleConnectionDataSource(database.url() + "&currentSchema=api", "postgres", "", true);
    Flyway.configure()
        .dataSource(source)
        .defaultSchema("api")
        .locations("classpath:db/migration/api")
        .load()
        .migrate();
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(source);
  }

  /** Empties all tables and adds the tenant acme. */
  public void reset() {
    jdbc().sql("TRUNCATE tenant, function, revision, log_line").update();
    jdbc().sql("INSERT INTO tenant (name, key_sha256) VALUES ('acme', 'none')").update();
  }

  @Override
  public void close() throws IOException {
    source.destroy();
    database.close();
  }
}
