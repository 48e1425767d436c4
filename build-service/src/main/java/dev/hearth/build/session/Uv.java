package dev.hearth.build.session;

import dev.hearth.build.index.Downloads;
import dev.hearth.build.python.Target;
import dev.hearth.build.resolve.DeclaredMetadata;
import dev.hearth.build.resolve.PlatformResolver;
import dev.hearth.build.resolve.Resolver;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.source.SourceBuilds;
import dev.hearth.build.source.SourceDistribution;
import dev.hearth.build.source.WheelBuilder;
import dev.hearth.build.uv.CPython;
import dev.hearth.build.uv.StubInterpreter;
import dev.hearth.build.uv.UvCache;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvEgress;
import dev.hearth.build.uv.UvEnvironment;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.uv.UvWalls;
import dev.hearth.build.wheel.PlainWheels;
import dev.hearth.build.wheel.WheelInstaller;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.kit.egress.Destinations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Opens sessions of uv, which keep tenants apart. */
public final class Uv implements AutoCloseable {

  private final UvSettings settings;
  private final Sandbox sandbox;
  private final Path data;
  private final CPython python;
  private final UvEnvironment environment;
  private final UvEgress egress;
  private final Map<Target, Path> interpreters = new ConcurrentHashMap<>();
  private final Map<String, UvCache> caches = new ConcurrentHashMap<>();

  /** Limits the plain wheels in memory, each of at most 32 MiB. */
  private final Semaphore heldWheels = new Semaphore(4);

  private final Downloads trusted = new Downloads(Destinations.all());
  private final Downloads untrusted;

  /**
   * Prepares uv for all builds of a service.
   *
   * @param environment this process's environment, which names indexes, proxies and certificates
   * @param data folder for caches; its loss is harmless
   */
  public Uv(UvSettings settings, Sandbox sandbox, Map<String, String> environment, Path data)
      throws IOException {
    this.settings = settings;
    this.sandbox = sandbox;
    this.data = Files.createDirectories(data).toAbsolutePath();
    Files.createDirectories(this.data.resolve("interpreter"));
    this.python = CPython.find(settings.python());
    this.environment = UvEnvironment.of(environment);
    this.egress = new UvEgress(settings.hosts(), this.environment.variables());
    this.untrusted = new Downloads(egress.destinations());
  }

  /**
   * Opens the session of one build.
   *
   * @param target the Python that the build is for
   * @param credentials a netrc file with the tenant's logins for indexes
   * @param wheelhouse wheels in addition to those of the indexes
   * @param upload the source tree
   * @param scratch a folder for the build's temporary files
   */
  public UvSession session(
      Target target,
      String tenant,
      Optional<Path> credentials,
      Wheelhouse wheelhouse,
      Path upload,
      Path scratch)
      throws IOException {
    var isTrusted = sandbox.trusts(tenant);
    var netrc = environment.netrc(credentials, scratch.resolve("netrc-of-all"));
    var way = isTrusted ? Optional.<UvEgress.Way>empty() : egress.open(tenant);
    var cache = caches.computeIfAbsent(tenant, this::cache);
    cache.open();
    var lent = List.of(upload, scratch, cache.folder());
    var hidden = List.of(upload, scratch, cache.folder(), data);
    var walls = UvWalls.around(sandbox, tenant, settings.program(), shown(netrc, wheelhouse), lent);
    var own = environment.forBuild(data.resolve("home"), cache.folder(), netrc, way, hidden);
    var command = new UvCommand(settings, walls, target, interpreter(target), cache, own, way);
    Runnable end =
        () -> {
          way.ifPresent(known -> known.pass().close());
          cache.close();
        };
    return session(command, tenant, isTrusted ? trusted : untrusted, wheelhouse, scratch, end);
  }

  private UvSession session(
      UvCommand command,
      String tenant,
      Downloads downloads,
      Wheelhouse wheelhouse,
      Path scratch,
      Runnable end) {
    var builds =
        new SourceBuilds(
            tenant,
            new WheelBuilder(command, settings, sandbox, python),
            new SourceDistribution(downloads));
    var declared = new DeclaredMetadata();
    return new UvSession(
        command,
        settings,
        new WheelInstaller(command, python),
        new PlainWheels(downloads, environment.openIndex(), heldWheels),
        new Resolver(command, wheelhouse, builds, declared, scratch),
        new PlatformResolver(command, settings, wheelhouse, declared, scratch),
        builds,
        end);
  }

  private List<Path> shown(Optional<Path> credentials, Wheelhouse wheelhouse) throws IOException {
    var shown = new ArrayList<>(python.prefixes());
    shown.add(data.resolve("interpreter").toRealPath());
    credentials.ifPresent(shown::add);
    wheelhouse.folder().ifPresent(shown::add);
    shown.addAll(environment.files());
    return shown;
  }

  private Path interpreter(Target target) {
    return interpreters.computeIfAbsent(
        target,
        _ -> {
          try {
            return StubInterpreter.install(data.resolve("interpreter"), target);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  private UvCache cache(String tenant) {
    return new UvCache(data.resolve("uv-cache").resolve(tenant));
  }

  @Override
  public void close() throws IOException {
    try (egress;
        trusted;
        untrusted) {
      // Closes all three, even if one of them fails.
    }
  }
}
