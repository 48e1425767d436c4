package dev.hearth.artifact.blob;

import dev.hearth.embedded.EmbeddedStore;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs the contract on the store that {@code standalone} embeds. */
class EmbeddedBlobStoreIT extends BlobStoreContractTest {

  @TempDir private static Path folder;
  private static EmbeddedStore server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedStore.start(folder, ACCESS_KEY, SECRET_KEY);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  URI endpoint() {
    return server.endpoint();
  }
}
