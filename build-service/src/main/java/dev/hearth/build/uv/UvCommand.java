package dev.hearth.build.uv;

import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs uv for one tenant, with a cache and credentials that no other tenant's builds see. uv itself
 * never runs a project's code here: {@code --no-build} goes with every command that could.
 */
final class UvCommand {

  /**
   * Passed on to uv: where indexes, proxies and certificates are is the operator's to say. Logins
   * of named indexes are not among them: a project could give that name to an index of its own.
   */
  private static final Set<String> PASSED_ON =
      Set.of(
          "UV_DEFAULT_INDEX",
          "UV_INDEX_URL",
          "UV_EXTRA_INDEX_URL",
          "UV_INDEX",
          "UV_FIND_LINKS",
          "UV_NO_INDEX",
          "UV_OFFLINE",
          "UV_EXCLUDE_NEWER",
          "UV_INSECURE_HOST",
          "UV_NATIVE_TLS",
          "UV_SYSTEM_CERTS",
          "UV_HTTP_TIMEOUT",
          "UV_HTTP_CONNECT_TIMEOUT",
          "UV_HTTP_RETRIES",
          "UV_CONCURRENT_DOWNLOADS",
          "UV_CONCURRENT_INSTALLS",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy");

  /** uv's own default, which an operator may have put another one in the place of. */
  private static final String PUBLIC_INDEX = "https://pypi.org/simple";

  private static final Pattern LOGIN = Pattern.compile("//([^@/\\s]+)@");

  /** Threads, above all. */
  private static final int PROCESSES = 1024;

  private static final int LONGEST_OUTPUT = 16 << 20;

  /** How often a run's limits are looked at. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Times of files are a little behind. */
  private static final Duration CLOCK_TICK = Duration.ofMillis(20);

  private final UvSettings settings;
  private final UvWalls walls;
  private final Path interpreter;
  private final Path home;
  private final UvCache cache;
  private final Optional<Path> credentials;
  private final Optional<UvEgress.Way> way;
  private final Semaphore running = new Semaphore(4);

  /** In the addresses that the operator gave uv. */
  private final List<String> logins =
      passedOn(System.getenv()).values().stream()
          .flatMap(value -> LOGIN.matcher(value).results())
          .map(found -> found.group(1))
          .toList();

  private final Instant end;

  /**
   * Prepares.
   *
   * @param walls with the folders of the build and the tenant
   * @param cache the tenant's
   * @param credentials a netrc file: each login is for one host
   * @param way how it gets out, when not freely
   */
  UvCommand(
      UvSettings settings,
      UvWalls walls,
      Path interpreter,
      Path home,
      UvCache cache,
      Optional<Path> credentials,
      Optional<UvEgress.Way> way) {
    this.settings = settings;
    this.walls = walls;
    this.interpreter = interpreter;
    this.home = home;
    this.cache = cache;
    this.credentials = credentials;
    this.way = way;
    this.end = Instant.now().plus(settings.total());
  }

  /** How a run ended, and what it said on both streams, cut where that is too long. */
  record Outcome(int exit, String output) {

    boolean succeeded() {
      return exit == 0;
    }
  }

  /** The executable that answers for the platform's interpreter. */
  Path interpreter() {
    return interpreter;
  }

  /** Runs uv in a folder; each line goes to the log as it comes. */
  Outcome run(Path folder, Consumer<String> log, List<String> arguments) {
    if (Instant.now().isAfter(end)) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "The build met its time limit of %d min. Bring a uv.lock, or depend on less that is slow to fetch or to build."
              .formatted(settings.total().toMinutes()));
    }
    var all = new ArrayList<>(arguments);
    all.addAll(List.of("--no-python-downloads", "--no-progress", "--color", "never"));
    if (!arguments.contains("--python")) {
      all.addAll(List.of("--python", interpreter.toString()));
    }
    try {
      running.acquire();
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
    try (var group = Sandbox.group("uv", settings.memory(), PROCESSES)) {
      var builder =
          new ProcessBuilder(walls.command(folder, group.enter(), all))
              .directory(folder.toFile())
              .redirectErrorStream(true);
      environment(builder.environment());
      var process = builder.start();
      process.getOutputStream().close();
      var broken = new AtomicReference<>("");
      var guard = Thread.ofVirtual().start(() -> endAtLimit(process, broken));
      var output = new StringBuilder();
      try (var lines = process.inputReader()) {
        for (var said = lines.readLine(); said != null; said = lines.readLine()) {
          var line = withoutLogins(said);
          if (output.length() < LONGEST_OUTPUT) {
            output.append(line).append('\n');
            if (!line.startsWith("Using ")) {
              // Where the interpreter is tells a user nothing, and others something of the machine.
              log.accept(line);
            }
          }
        }
      }
      guard.join();
      var exit = process.waitFor();
      if (group.ranOutOfMemory()) {
        broken.set(
            "uv met its memory limit of %d MB: an index's page, or what a wheel says of itself, is too large. Use another index or release."
                .formatted(settings.memory().toMegabytes()));
      }
      if (!broken.get().isEmpty()) {
        throw new HearthException(ErrorCode.DEPENDENCY_UNRESOLVED, broken.get());
      }
      if (exit != 0) {
        explainRefusal();
      } else if (output.length() >= LONGEST_OUTPUT) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNRESOLVED,
            "The project depends on more than can be listed in %d MiB."
                .formatted(LONGEST_OUTPUT >> 20));
      }
      return new Outcome(exit, output.toString());
    } catch (IOException failed) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "uv could not be run; the operator must make it available (build.uv.executable).",
          failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    } finally {
      running.release();
    }
  }

  /** Projects and indexes can have uv say what is in its environment. */
  private String withoutLogins(String line) {
    var shown = line;
    for (var login : logins) {
      shown = shown.replace(login, "…");
    }
    return shown;
  }

  private static IllegalStateException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while uv ran", interrupted);
  }

  /**
   * The index that uv takes packages from by default, where its files are simply there: no proxy,
   * no login, not forbidden.
   */
  static Optional<String> openIndex(Map<String, String> environment) {
    var others = Set.of("http_proxy", "https_proxy", "uv_offline", "uv_no_index");
    var isOpen =
        environment.keySet().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .noneMatch(others::contains);
    return Optional.of(defaultIndex(environment)).map(Lock::comparable).filter(_ -> isOpen);
  }

  /**
   * What has uv look at one index alone; nothing where that is its default. A login in the address
   * is left out: it would be seen in the list of processes, and the netrc or uv's environment has
   * it.
   *
   * @param index its address, as a lock names it, or empty
   */
  static List<String> only(String index) {
    return only(index, System.getenv());
  }

  /** The same with another environment. */
  static List<String> only(String index, Map<String, String> environment) {
    var open = withoutLogin(index);
    var isDefault =
        Stream.of(PUBLIC_INDEX, defaultIndex(environment))
            .map(UvCommand::withoutLogin)
            .anyMatch(open::equals);
    return open.isEmpty() || isDefault ? List.of() : List.of("--default-index", open);
  }

  private static String withoutLogin(String index) {
    return index.replaceFirst("//[^@/]*@", "//");
  }

  private static String defaultIndex(Map<String, String> environment) {
    return environment.getOrDefault(
        "UV_DEFAULT_INDEX", environment.getOrDefault("UV_INDEX_URL", PUBLIC_INDEX));
  }

  /** Whether a marker holds for the platform's interpreter. */
  boolean fits(Path folder, String marker) {
    // Whoever fits the marker looks for a package, and there is no index that has it.
    return !run(
            folder,
            _ -> {},
            List.of(
                "pip",
                "install",
                "--dry-run",
                "--no-index",
                "--target",
                "none",
                "hearth-platform ; " + marker))
        .succeeded();
  }

  /** Says what uv cannot know: why it did not get through. */
  private void explainRefusal() {
    var refused = way.map(known -> known.pass().refused()).orElse(Set.of());
    if (!refused.isEmpty()) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "The project takes packages from %s, which is an address of our own network. Name an index that is reachable from outside, or ask the operator (build.uv.hosts)."
              .formatted(String.join(", ", new TreeSet<>(refused))));
    }
  }

  /** Ends a run at its limits, which the message names. */
  private void endAtLimit(Process process, AtomicReference<String> broken) {
    var end = Instant.now().plus(settings.limit());
    var begun = Instant.now().minus(CLOCK_TICK);
    try {
      while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        if (Instant.now().isAfter(end)) {
          end(
              process,
              broken,
              "uv did not end within %d s; an index that answers slowly is the usual cause. Try again, or use another index."
                  .formatted(settings.limit().toSeconds()));
        } else if (cache.outgrows(begun)) {
          end(
              process,
              broken,
              "What uv unpacked met its disk limit: wheels are too large, or one is a bomb. Leave out what is so large, or use another release.");
        }
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
    }
  }

  private static void end(Process process, AtomicReference<String> broken, String why) {
    broken.compareAndSet("", why);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Files and folders that our environment names to uv. */
  static List<Path> files(Map<String, String> environment) {
    return Stream.of("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_FIND_LINKS")
        .map(name -> environment.getOrDefault(name, ""))
        .flatMap(value -> Stream.of(value.split("[,\\s]")))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /** What of our environment is uv's. */
  static Map<String, String> passedOn(Map<String, String> environment) {
    var passed = new HashMap<>(environment);
    passed.keySet().retainAll(PASSED_ON);
    return passed;
  }

  private void environment(Map<String, String> environment) {
    var inherited = Map.copyOf(environment);
    environment.clear();
    environment.putAll(passedOn(inherited));
    environment.put("PATH", inherited.getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put("HOME", home.toString());
    environment.put("UV_CACHE_DIR", cache.folder().toString());
    environment.put("LANG", "C.UTF-8");
    // An environment in the upload is nobody's here.
    environment.put("UV_PROJECT_ENVIRONMENT", home.resolve("environment").toString());
    // uv would fetch a dependency's repository, from wherever the project says.
    environment.put("GIT_ALLOW_PROTOCOL", "none");
    credentials.ifPresent(file -> environment.put("NETRC", file.toString()));
    way.ifPresent(known -> environment.putAll(known.environment()));
  }
}
