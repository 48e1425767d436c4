package dev.hearth.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.graalvm.polyglot.Engine;

/**
 * Makes interpreters on one shared engine and keeps stems: interpreters that have the core imports
 * done and belong to nobody yet. Thread-safe; the monitor guards them.
 */
final class Interpreters {

  private final Engine engine;
  private final Path home;
  private final Path packages;
  private final OutputPipe pipe;

  /** By whether they may load native modules. */
  private final Map<Boolean, Interpreter> stems = new HashMap<>();

  Interpreters(Path home, Path packages, OutputPipe pipe) {
    this.home = home;
    this.packages = packages;
    this.pipe = pipe;
    PythonHome.use(home);
    this.engine =
        Engine.newBuilder("python")
            .allowExperimentalOptions(true)
            .option("engine.WarnInterpreterOnly", "false")
            .build();
  }

  /** A prepared interpreter, and whether it was a stem. */
  record Taken(Interpreter interpreter, boolean stem) {}

  /** Hands out the stem of a kind, or makes an interpreter where there is none. */
  Taken take(boolean nativeModules) {
    synchronized (this) {
      var ready = stems.remove(nativeModules);
      if (ready != null) {
        return new Taken(ready, true);
      }
    }
    return new Taken(make(nativeModules), false);
  }

  /** Makes a stem when there is none of the kind; takes as long as the core imports do. */
  void refillStem(boolean nativeModules) {
    synchronized (this) {
      if (stems.containsKey(nativeModules)) {
        return;
      }
    }
    var made = make(nativeModules);
    synchronized (this) {
      if (stems.putIfAbsent(nativeModules, made) == null) {
        return;
      }
    }
    made.close();
  }

  /** Ends what belongs to nobody. */
  void dropStems() {
    List<Interpreter> dropped;
    synchronized (this) {
      dropped = List.copyOf(stems.values());
      stems.clear();
    }
    dropped.forEach(Interpreter::close);
  }

  /** The authorities that functions trust, a PEM file. */
  static Optional<Path> certificates() {
    return Optional.ofNullable(System.getenv("SSL_CERT_FILE")).map(Path::of);
  }

  private Interpreter make(boolean nativeModules) {
    var seen = Stream.concat(Stream.of(home, packages), certificates().stream());
    return new Interpreter(
        engine, new GuardedFileSystem(seen.toArray(Path[]::new)), pipe, packages, nativeModules);
  }
}
