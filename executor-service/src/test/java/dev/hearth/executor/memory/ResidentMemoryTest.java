package dev.hearth.executor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class ResidentMemoryTest {

  private static final Path IN_MEMORY = Path.of("/dev/shm");

  private static final int MUCH = 32 << 20;

  @SuppressWarnings("unused") // By name.
  private static boolean isThere() {
    return Files.isWritable(IN_MEMORY);
  }

  @Test
  @EnabledIf("isThere")
  void filesInMemoryCount() throws Exception {
    var before = used();
    var file = Files.createTempFile(IN_MEMORY, "hearth", "");
    try {
      Files.write(file, new byte[MUCH]);
      // Other code may free memory meanwhile.
      assertThat(used()).isGreaterThan(before + MUCH / 2);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void whereThereIsNothingToSeeThereIsNothing() {
    var folders = List.of(Path.of("/there/is/no/such/folder"));
    assertThat(ResidentMemory.ofFiles(ProcessHandle.current(), folders)).isZero();
  }

  private static long used() {
    return ResidentMemory.ofFiles(ProcessHandle.current(), List.of(IN_MEMORY));
  }
}
