package dev.hearth.host;

import dev.hearth.host.instance.Instances;
import dev.hearth.host.instance.WarmUp;
import dev.hearth.host.interpreter.Bytecode;
import dev.hearth.host.interpreter.Interpreters;
import dev.hearth.host.interpreter.OutputPipe;
import dev.hearth.host.interpreter.PythonHome;
import dev.hearth.host.isolation.EgressRelay;
import dev.hearth.host.isolation.SystemCalls;
import dev.hearth.host.server.HostServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Entry point of the host process. {@code serve SOCKET HOME PACKAGES [PORT:PROXY]} serves
 * instances. {@code unpack HOME}, {@code compile HOME} and {@code train HOME PACKAGES} prepare the
 * files that {@code serve} reads. {@code bytecode HOME SOURCE TARGET …} compiles layers.
 */
final class HostMain {

  private HostMain() {}

  static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "unpack" -> PythonHome.unpack(Path.of(arguments[1]));
      case "bytecode" ->
          Bytecode.compile(Path.of(arguments[1]), List.of(arguments).subList(2, arguments.length));
      case "compile" -> PythonHome.compile(Path.of(arguments[1]));
      case "train" -> train(Path.of(arguments[1]), Path.of(arguments[2]));
      case "serve" -> {
        if (arguments.length > 4) {
          var way = arguments[4].split(":", 2);
          EgressRelay.listen(Integer.parseInt(way[0]), Path.of(way[1]));
        }
        serve(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
      }
      default ->
          throw new IllegalArgumentException(
              "command must be serve, train, unpack, compile or bytecode but is " + arguments[0]);
    }
  }

  private static void serve(Path socket, Path home, Path packages) throws Exception {
    var pipe = OutputPipe.take();
    endWithParent();
    SystemCalls.giveUpPrivileged();
    var interpreters = new Interpreters(home, packages, pipe);
    var sample = WarmUp.run(interpreters);
    new HostServer(socket, new Instances(interpreters), sample).listen();
    pipe.ready();
  }

  /** Starts a host and warms it up, while the JDK records an ahead-of-time cache. */
  private static void train(Path home, Path packages) throws Exception {
    var interpreters = new Interpreters(home, packages, OutputPipe.take());
    var socket = Files.createTempDirectory("hearth-train").resolve("socket");
    var sample = WarmUp.run(interpreters);
    new HostServer(socket, new Instances(interpreters), sample).listen();
    System.exit(0);
  }

  /** Ends the process when standard input closes, because the node holds its other end. */
  private static void endWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              // The node sends nothing; only the end of the stream matters.
            }
          } catch (IOException _) {
            // A broken stream is an end too.
          }
          Runtime.getRuntime().halt(0);
        });
  }
}
