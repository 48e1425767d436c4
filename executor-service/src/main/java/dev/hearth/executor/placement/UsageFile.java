package dev.hearth.executor.placement;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.pool.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Saves the use of revisions on this node in a file, which orders the warming of placements after a
 * restart. A lost or broken file costs only that order.
 */
@Component
class UsageFile {

  private static final Logger log = LoggerFactory.getLogger(UsageFile.class);

  private final Path file;

  UsageFile(NodeSettings node) throws IOException {
    this.file = Files.createDirectories(node.data().toAbsolutePath()).resolve("usage.properties");
  }

  /** Reads the use of each revision; empty if there is no file. */
  Map<UUID, Usage> read() {
    var usages = new HashMap<UUID, Usage>();
    if (!Files.exists(file)) {
      return usages;
    }
    var lines = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      lines.load(reader);
      for (var revision : lines.stringPropertyNames()) {
        var fields = lines.getProperty(revision).split(" ", 2);
        usages.put(
            UUID.fromString(revision),
            new Usage(Instant.parse(fields[0]), Duration.parse(fields[1])));
      }
    } catch (IOException | RuntimeException unreadable) {
      // A damaged file must not keep the node from starting.
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("cause", unreadable.toString())
          .log("use of revisions not read, warming them in any order");
    }
    return usages;
  }

  /** Replaces the file. */
  void write(Map<UUID, Usage> usages) {
    var lines = new Properties();
    usages.forEach((revision, usage) ->
        lines.setProperty(revision.toString(), usage.lastCall() + " " + usage.start()));
    var next = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (var writer = Files.newBufferedWriter(next)) {
        lines.store(writer, null);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("cause", failed.toString())
          .log("use of revisions not saved");
    }
  }
}
