package dev.hearth.kit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Uses the machine's control groups of version 1, if this process may create them. */
@EnabledIf("mayBeMade")
class ControlGroupTest {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final String NAME = "hearth-" + ProcessHandle.current().pid() + "-test";

  @SuppressWarnings("unused") // Used by its name.
  private static boolean mayBeMade() {
    return Stream.of("memory", "pids", "cpu").map(ROOT::resolve).allMatch(Files::isWritable);
  }

  private static List<Path> folders() {
    return Stream.of("memory", "pids", "cpu")
        .map(controller -> ROOT.resolve(controller).resolve(NAME))
        .filter(Files::exists)
        .toList();
  }

  @Test
  void lowersTheCpuShareAndIsDeletedAfterItsLastProcess() throws IOException {
    var group = ControlGroup.make(NAME, 64 << 20, 16);
    // Ends when its input ends.
    var process = new ProcessBuilder("/bin/sh", "-c", group.enter() + "exec cat").start();
    try {
      assertThat(folders()).hasSize(2);
      await().until(() -> isIn(process, "memory"));

      assertThat(group.stepBehind(process.toHandle())).isTrue();
      assertThat(ROOT.resolve("cpu").resolve(NAME).resolve("cpu.shares")).hasContent("256");
      assertThat(isIn(process, "cpu")).isTrue();

      group.close();
      assertThat(folders()).as("a process still uses it").hasSize(3);
    } finally {
      process.destroyForcibly();
    }
    await().until(() -> folders().isEmpty());
  }

  private static boolean isIn(Process process, String controller) throws IOException {
    return Files.readAllLines(ROOT.resolve(controller).resolve(NAME).resolve("cgroup.procs"))
        .contains(Long.toString(process.pid()));
  }
}
