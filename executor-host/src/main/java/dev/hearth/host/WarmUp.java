package dev.hearth.host;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Serves a throw-away function of each convention, so that the first call of a user finds classes
 * loaded and code compiled; what contexts share is in the engine. Then the stem is made.
 */
final class WarmUp {

  private static final int CALLS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Map<String, Convention> SAMPLES =
      Map.of(
          "Default", Convention.WORKERS,
          "asgi", Convention.ASGI,
          "wsgi", Convention.WSGI,
          "handler", Convention.LAMBDA);

  private WarmUp() {}

  static void run(Interpreters interpreters)
      throws IOException,
          InterruptedException,
          TimeoutException,
          Instance.StartFailedException,
          Instance.InstanceGoneException {
    var folder = Files.createTempDirectory("hearth-warm-up");
    for (var sample : SAMPLES.entrySet()) {
      serve(interpreters, folder, sample.getKey(), sample.getValue());
    }
    Files.delete(folder);
    interpreters.refillStem();
  }

  private static void serve(
      Interpreters interpreters, Path folder, String attribute, Convention convention)
      throws InterruptedException,
          TimeoutException,
          Instance.StartFailedException,
          Instance.InstanceGoneException {
    var settings =
        new RuntimeSettings(
            "workers._host._samples:" + attribute,
            convention,
            Map.of(),
            RuntimeSettings.DEFAULT_TIMEOUT,
            false);
    var spec = new InstanceSpec("warm-up", "warm-up", 1, List.of(), folder.toString(), settings);
    var taken = interpreters.take(false);
    var instance = Instance.start(taken.interpreter(), taken.stem(), spec, LIMIT);
    var headers = "host\0localhost\0user-agent\0warm-up\0";
    var call =
        new Call("POST", "/", "a=1", headers, new byte[] {'x'}, "", "", "http", "warm-up", false);
    for (int i = 0; i < CALLS; i++) {
      instance.call(call);
    }
    instance.close(LIMIT);
  }
}
