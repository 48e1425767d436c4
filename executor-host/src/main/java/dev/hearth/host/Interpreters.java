package dev.hearth.host;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Makes interpreters on one shared engine and keeps a stem: one that is locked down, has the core
 * imports done and belongs to nobody yet. Thread-safe; the monitor guards the stem.
 */
final class Interpreters {

  private final Engine engine;
  private final Path home;
  private final Path packages;
  private final OutputPipe pipe;
  private @Nullable Interpreter stem;

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

  /** Hands out the stem, or makes an interpreter where none fits; native ones are never kept. */
  Taken take(boolean nativeModules) {
    if (!nativeModules) {
      synchronized (this) {
        var ready = stem;
        if (ready != null) {
          stem = null;
          return new Taken(ready, true);
        }
      }
    }
    return new Taken(make(nativeModules), false);
  }

  /** Makes the stem when there is none; takes as long as the core imports do. */
  void refillStem() {
    synchronized (this) {
      if (stem != null) {
        return;
      }
    }
    var made = make(false);
    synchronized (this) {
      if (stem == null) {
        stem = made;
        return;
      }
    }
    made.close();
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
