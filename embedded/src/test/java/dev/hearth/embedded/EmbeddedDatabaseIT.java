package dev.hearth.embedded;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs the database contract on the embedded PostgreSQL. */
class EmbeddedDatabaseIT extends DatabaseContractTest {

  @TempDir private static Path folder = Path.of("unset");
  private static EmbeddedDatabase server;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedDatabase.start(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Override
  String url() {
    return server.url();
  }

  @Override
  String user() {
    return "postgres";
  }

  @Override
  String password() {
    return "";
  }
}
