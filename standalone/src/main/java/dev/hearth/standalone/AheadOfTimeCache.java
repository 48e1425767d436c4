package dev.hearth.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The JDK's ahead-of-time cache of the platform's classes, which shortens a start (JEP 483, 514).
 *
 * <p>On request, a platform creates the cache after its own start: a second platform starts on a
 * temporary folder with the lowest priority and exits, and its JVM writes the cache. No start waits
 * for the cache, and the JVM ignores one that does not match the JDK or the jars. {@code ./hearth}
 * names the file after the JDK and deletes it with every build.
 */
final class AheadOfTimeCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AheadOfTimeCache.class);
  private static final String DEBUG_AGENT = "-agentlib:";

  private final Process training;
  private final Path scratch;
  private final Path made;

  private AheadOfTimeCache(Process training, Path scratch, Path made) {
    this.training = training;
    this.scratch = scratch;
    this.made = made;
  }

  /**
   * Starts a training run that creates a cache.
   *
   * @param cache the cache file, which appears when it is complete
   * @param arguments this platform's arguments, without data folder and port
   */
  static AheadOfTimeCache make(Path cache, List<String> arguments) throws IOException {
    var scratch = Files.createTempDirectory("hearth-training");
    var made = cache.resolveSibling(cache.getFileName() + "." + ProcessHandle.current().pid());
    var command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith(DEBUG_AGENT) && !option.startsWith("-XX:AOTCache"))
        .forEach(command::add);
    command.add("-XX:AOTCacheOutput=" + made);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Standalone.class.getName());
    command.addAll(List.of("--training", "--port", "0"));
    command.addAll(List.of("--data", scratch.resolve("data").toString()));
    command.addAll(arguments);
    var training =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    training.getOutputStream().close();
    var making = new AheadOfTimeCache(training, scratch, made);
    CompletableFuture.runAsync(() -> making.finish(cache));
    return making;
  }

  private void finish(Path cache) {
    try {
      var exit = training.waitFor();
      if (exit == 0 && Files.exists(made)) {
        Files.move(made, cache);
        log.atInfo().addKeyValue("file", cache).log("ahead-of-time cache created for later starts");
      } else {
        log.atWarn().addKeyValue("exit", exit).log("ahead-of-time cache not created");
      }
    } catch (IOException failed) {
      log.atWarn().setCause(failed).log("ahead-of-time cache not created");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      removeScratch();
    }
  }

  private void removeScratch() {
    try {
      FileSystemUtils.deleteRecursively(scratch);
      Files.deleteIfExists(made);
      // A JVM that is killed leaves its training record.
      Files.deleteIfExists(made.resolveSibling(made.getFileName() + ".config"));
    } catch (IOException failed) {
      log.atWarn().setCause(failed).log("folder of the training run not removed");
    }
  }

  /** Ends a running training run. */
  @Override
  public void close() {
    if (training.isAlive()) {
      training.destroy();
      training.onExit().join();
      removeScratch();
    }
  }
}
