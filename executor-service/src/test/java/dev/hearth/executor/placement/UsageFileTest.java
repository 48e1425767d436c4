package dev.hearth.executor.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.pool.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageFileTest {

  private static UsageFile file(Path folder) throws Exception {
    return new UsageFile(new NodeSettings("node", null, folder, Duration.ofSeconds(2)));
  }

  @Test
  void readsWhatTheRunBeforeWrote(@TempDir Path folder) throws Exception {
    var usages = Map.of(new UUID(0, 1), new Usage(Instant.EPOCH, Duration.ofMillis(1500)));

    file(folder).write(usages);

    assertThat(file(folder).read()).isEqualTo(usages);
  }

  @Test
  void startsWithoutAFileAndWithATornOne(@TempDir Path folder) throws Exception {
    assertThat(file(folder).read()).isEmpty();

    Files.writeString(folder.resolve("usage.properties"), "not-an-id=soon");

    assertThat(file(folder).read()).isEmpty();
  }

  @Test
  void anExpensiveStartThatWasCalledLatelyIsWorthMost() {
    var now = Instant.EPOCH.plusSeconds(3600);
    var lately = new Usage(now.minusSeconds(10), Duration.ofSeconds(2));
    var longAgo = new Usage(now.minusSeconds(1000), Duration.ofSeconds(2));
    var cheap = new Usage(now.minusSeconds(10), Duration.ofMillis(100));

    assertThat(lately.value(now)).isGreaterThan(cheap.value(now)).isGreaterThan(longAgo.value(now));
  }
}
