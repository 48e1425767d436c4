package dev.hearth.executor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.host.OutputLine;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class HostOutputTest {

  private final List<OutputLine> lines = new ArrayList<>();
  private final AtomicInteger ready = new AtomicInteger();

  private void read(String text) {
    HostOutput.lines(
        new BufferedReader(new StringReader(text)), ready::incrementAndGet, lines::add);
  }

  @Test
  void readsTheReadyLineAndPrintedLines() {
    var line = new OutputLine(Instant.EPOCH, "one", "stdout", "", "i", "hello");

    read("ready\n" + JsonMapper.shared().writeValueAsString(line) + "\n");

    assertThat(ready).hasValue(1);
    assertThat(lines).containsExactly(line);
  }

  @Test
  void dropsWhatNativeCodeWrote() {
    read("segmentation fault\n{\"instance\": 1\nready\n");

    assertThat(ready).hasValue(1);
    assertThat(lines).isEmpty();
  }

  @Test
  void keepsTheBeginningOfALog(@TempDir Path folder) throws Exception {
    var log = folder.resolve("host.log");

    HostOutput.log(new ByteArrayInputStream(new byte[3 << 20]), log);

    assertThat(Files.size(log)).isEqualTo(1 << 20);
  }
}
