package dev.hearth.host;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts a host process: {@code serve SOCKET HOME PACKAGES} serves interpreters, {@code unpack
 * HOME}, {@code compile HOME} and {@code train HOME PACKAGES} make what that reads.
 */
final class HostMain {

  /** Exit code of a host that ended itself because an instance could not be stopped. */
  static final int RUNAWAY = 70;

  private HostMain() {}

  static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "unpack" -> PythonHome.unpack(Path.of(arguments[1]));
      case "compile" -> PythonHome.compile(Path.of(arguments[1]));
      case "train" -> train(Path.of(arguments[1]), Path.of(arguments[2]));
      case "serve" -> serve(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
      default ->
          throw new IllegalArgumentException(
              "serve, train, unpack or compile, not " + arguments[0]);
    }
  }

  private static void serve(Path socket, Path home, Path packages) throws Exception {
    var pipe = OutputPipe.take();
    endWithParent();
    var interpreters = new Interpreters(home, packages, pipe);
    interpreters.refillStem();
    var instances = new Instances(interpreters);
    new HostServer(socket, instances).listen();
    pipe.ready();
  }

  /** Does what a host does up to its first call, for the JDK to record an ahead-of-time cache. */
  private static void train(Path home, Path packages) throws Exception {
    var folder = Files.createTempDirectory("hearth-train");
    Files.writeString(
        folder.resolve("main.py"),
        """
        from workers import Response, WorkerEntrypoint

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(await request.text())
        """);
    var interpreters = new Interpreters(home, packages, OutputPipe.take());
    var instances = new Instances(interpreters);
    var server = new HostServer(folder.resolve("socket"), instances);
    server.listen();
    interpreters.refillStem();
    var settings =
        new RuntimeSettings(
            "main:Default", Convention.WORKERS, Map.of(), RuntimeSettings.DEFAULT_TIMEOUT, false);
    var instance =
        instances.start(
            new InstanceSpec(
                "train", "train", 1, List.of(folder.toString()), folder.toString(), settings));
    var call =
        new Call("POST", "/", "", "host\0localhost\0", new byte[] {'x'}, "", "", "http", "", false);
    for (int i = 0; i < 100; i++) {
      instance.call(call);
    }
    System.exit(0);
  }

  /** The node holds the other end of our standard input; when that closes, the node is gone. */
  private static void endWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              // Nothing is said this way; only the end counts.
            }
          } catch (IOException _) {
            // The same as the end.
          }
          Runtime.getRuntime().halt(0);
        });
  }
}
