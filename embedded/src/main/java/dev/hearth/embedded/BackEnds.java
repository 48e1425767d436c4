package dev.hearth.embedded;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs the three back ends in a process of their own, for services in separate processes. {@code
 * BackEnds FOLDER ACCESS_KEY SECRET_KEY} prints one line for each address and exits when its
 * standard input ends.
 */
final class BackEnds {

  private BackEnds() {}

  static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        var database = EmbeddedDatabase.start(folder.resolve("postgres"));
        var store = EmbeddedStore.start(folder.resolve("s3"), arguments[1], arguments[2])) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(database)));
      System.out.println("HEARTH_KAFKA_BROKERS=" + kafka.brokers());
      System.out.println("HEARTH_DATABASE_URL=" + database.url());
      System.out.println("HEARTH_S3_ENDPOINT=" + store.endpoint());
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Ignores input; the process exits when it ends.
      }
    }
  }

  private static void close(EmbeddedDatabase database) {
    try {
      database.close();
    } catch (IOException failed) {
      System.err.println("PostgreSQL was not stopped: " + failed.getMessage());
    }
  }
}
