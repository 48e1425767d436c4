package dev.hearth.host.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks in a process of its own that the given-up system calls stay forbidden. */
class SystemCallsTest {

  /** Tries forbidden and allowed system calls. */
  static final class Tries {
    static void main(String[] arguments) throws Exception {
      System.out.println("before: " + process("unshare", "--user", "true"));
      SystemCalls.giveUpPrivileged();
      System.out.println("after: " + process("unshare", "--user", "true"));
      System.out.println("with processes: " + process("true"));
      SystemCalls.giveUpProcesses();
      System.out.println("without: " + process("true"));
      var thread = new Thread(() -> System.out.println("a thread runs"));
      thread.start();
      thread.join();
    }

    private static String process(String... command) throws InterruptedException {
      try {
        return "exit " + new ProcessBuilder(command).start().waitFor();
      } catch (java.io.IOException refused) {
        return "refused";
      }
    }
  }

  @Test
  void givesUpWhatIsPrivilegedThenProcessesButNotThreads() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Tries.class.getName())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said)
        .contains(
            "before: exit 0",
            "after: exit 1",
            "with processes: exit 0",
            "without: refused",
            "a thread runs");
    assertThat(process.waitFor()).isZero();
  }
}
