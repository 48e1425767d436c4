package dev.hearth.host.interpreter;

import dev.hearth.host.isolation.GuardedFileSystem;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Creates interpreters on one shared engine, and keeps stems: interpreters that have done the core
 * imports and belong to no instance yet. Thread-safe: the monitor guards the stems.
 */
public final class Interpreters {

  /** Stems without native modules; several, because instances often start in quick succession. */
  private static final int STEMS = 2;

  private static final int NATIVE_STEMS = 1;

  /** Describes the operating system; {@code platform.freedesktop_os_release} reads it. */
  private static final Path OS_RELEASE = Path.of("/usr/lib/os-release");

  private final Engine engine;
  private final Interrupter interrupter;
  private final Path home;
  private final Path packages;
  private final OutputPipe pipe;

  /** Stems, keyed by true if they may load native modules. */
  private final Map<Boolean, Deque<Interpreter>> stems = new HashMap<>();

  private final Set<Boolean> making = new HashSet<>();

  public Interpreters(Path home, Path packages, OutputPipe pipe) {
    this.home = home;
    this.packages = packages;
    this.pipe = pipe;
    PythonHome.use(home);
    Security.addProvider(new DigestProvider());
    this.engine =
        Engine.newBuilder("python")
            .allowExperimentalOptions(true)
            .option("engine.WarnInterpreterOnly", "false")
            .build();
    this.interrupter = Interrupter.of(engine);
  }

  /** A prepared interpreter; {@code stem} is true if it was a stem. */
  public record Taken(Interpreter interpreter, boolean stem) {}

  /**
   * Returns a stem of a kind, or a new interpreter if there is none. Waits for a stem that is being
   * made, because making two at once takes longer.
   */
  public Taken take(boolean nativeModules) throws InterruptedException {
    synchronized (this) {
      while (stems(nativeModules).isEmpty() && making.contains(nativeModules)) {
        wait();
      }
      var ready = stems(nativeModules).poll();
      if (ready != null) {
        return new Taken(ready, true);
      }
    }
    return new Taken(make(nativeModules), false);
  }

  /** Makes the first stem of each kind. */
  public void makeStems() {
    makeStems(false, 1);
    makeStems(true, 1);
  }

  /** Makes the missing stems of a kind; each takes the time of the core imports. */
  public void refillStems(boolean nativeModules) {
    makeStems(nativeModules, nativeModules ? NATIVE_STEMS : STEMS);
  }

  private void makeStems(boolean nativeModules, int wanted) {
    while (begin(nativeModules, wanted)) {
      @Nullable Interpreter made = null;
      try {
        made = make(nativeModules);
      } finally {
        finish(nativeModules, made);
      }
    }
  }

  private synchronized boolean begin(boolean nativeModules, int wanted) {
    return stems(nativeModules).size() < wanted && making.add(nativeModules);
  }

  private synchronized void finish(boolean nativeModules, @Nullable Interpreter made) {
    making.remove(nativeModules);
    if (made != null) {
      stems(nativeModules).add(made);
    }
    notifyAll();
  }

  /** Closes the stems of a kind. */
  public void dropStems(boolean nativeModules) {
    List<Interpreter> dropped;
    synchronized (this) {
      dropped = List.copyOf(stems(nativeModules));
      stems(nativeModules).clear();
    }
    dropped.forEach(Interpreter::close);
  }

  private Deque<Interpreter> stems(boolean nativeModules) {
    return stems.computeIfAbsent(nativeModules, _ -> new ArrayDeque<>());
  }

  /** Returns the PEM file of the certificate authorities that functions trust. */
  public static Optional<Path> certificates() {
    return Optional.ofNullable(System.getenv("SSL_CERT_FILE")).map(Path::of);
  }

  private Interpreter make(boolean nativeModules) {
    var seen = Stream.concat(Stream.of(home, packages, OS_RELEASE), certificates().stream());
    var files = new GuardedFileSystem(seen.toArray(Path[]::new));
    return new Interpreter(engine, interrupter, files, pipe, packages, nativeModules);
  }
}
