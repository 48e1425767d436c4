package dev.hearth.host.instance;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.host.interpreter.Interpreters;
import dev.hearth.host.interpreter.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Warms a new host: serves sample functions of each convention until classes are loaded and code is
 * compiled, both of which contexts share, then makes the first stems.
 */
public final class WarmUp {

  /** Calls of each convention after which the interpreter's own code is compiled. */
  private static final int ROUNDS = 300;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private WarmUp() {}

  /** Warms the process and returns the sample instance, which answers pings. */
  public static Instance run(Interpreters interpreters)
      throws IOException, InterruptedException, ExecutionException, StartFailedException {
    var interpreter = interpreters.take(false).interpreter();
    var folder = Files.createTempDirectory("hearth-sample");
    var sample = Instance.start(interpreter, true, sample(folder), LIMIT);
    // The sample writes no files.
    Files.delete(folder);
    interpreter.run(() -> interpreter.rehearse(ROUNDS)).get();
    interpreters.makeStems();
    return sample;
  }

  private static InstanceSpec sample(Path folder) {
    var settings =
        new RuntimeSettings(
            "workers._host._samples:Default",
            Convention.WORKERS,
            Map.of(),
            RuntimeSettings.DEFAULT_TIMEOUT,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new InstanceSpec("sample", "sample", 1, List.of(), "", folder.toString(), "", settings);
  }
}
