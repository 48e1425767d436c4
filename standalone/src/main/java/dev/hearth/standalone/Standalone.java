package dev.hearth.standalone;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Implements {@code ./hearth up}: starts everything and stays in the foreground. */
@Command(
    name = "hearth up",
    mixinStandardHelpOptions = true,
    description = "Starts Hearth on this machine and stays in the foreground; Ctrl-C stops it.")
final class Standalone implements Callable<Integer> {

  @Option(
      names = "--data",
      defaultValue = ".hearth",
      description = "Folder that keeps the state (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of(".hearth");

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port of API and functions; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String address = "127.0.0.1";

  @Option(names = "--executor-host", required = true, hidden = true)
  private Path executorHost = Path.of("executor-host");

  @Option(names = "--uv", required = true, hidden = true)
  private String uv = "uv";

  @Option(names = "--host-path", defaultValue = "", hidden = true)
  private String hostPath = "";

  @Option(names = "--bubblewrap", defaultValue = "bwrap", hidden = true)
  private String bubblewrap = "bwrap";

  @Option(names = "--criu", defaultValue = "", hidden = true)
  private String criu = "";

  @Option(names = "--debug-hosts", hidden = true)
  private boolean debugHosts;

  @Option(names = "--training", hidden = true)
  private boolean training;

  static void main(String[] arguments) {
    System.exit(new CommandLine(new Standalone()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    // logback.xml is complete. Spring Boot would configure the logging system once per service.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    System.setProperty("hearth.log", data.resolve("hearth.log").toAbsolutePath().toString());
    Platform platform;
    try {
      platform =
          new Platform(
              new Platform.Options(
                  data.toAbsolutePath().normalize(),
                  address,
                  port,
                  executorHost,
                  uv,
                  hostPath,
                  bubblewrap,
                  criu,
                  debugHosts,
                  training));
    } catch (DataFolder.InUseException inUse) {
      System.err.println("hearth: " + inUse.getMessage());
      return 1;
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              platform.close();
              stopped.countDown();
            }));
    try {
      platform.start();
      if (training) {
        platform.close();
        return 0;
      }
    } catch (Exception failed) {
      // Top of the program: the user reads one line instead of a trace.
      System.err.println("hearth: the start failed: " + StartFailure.describe(failed));
      System.err.println("hint: the log is " + data.resolve("hearth.log"));
      return 1;
    }
    stopped.await();
    return 0;
  }
}
