package dev.hearth.build.assembly;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.build.TestTools;
import dev.hearth.build.python.Target;
import dev.hearth.build.report.BuildReport;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.sandbox.SandboxSettings;
import dev.hearth.build.session.Uv;
import dev.hearth.build.uv.StubInterpreter;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.sandbox.Bubblewrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;

/**
 * Builds projects in this JVM as the service does, with the real uv and, where it works, the real
 * bubblewrap. {@link TestTools} finds both.
 */
final class Workshop implements AutoCloseable {

  private static final String TENANT = "ours";
  private static final String SANDBOX_LIMIT = "3m";

  /** Time limit of uv, long enough for a busy machine; no test waits for it. */
  private static final String UV_LIMIT = "2m";

  private final MemoryIndexes indexes = new MemoryIndexes();
  private final Path folder;
  private final Uv uv;
  private final Assembler assembler;

  private Workshop(
      Path folder, Map<String, String> environment, String sandboxLimit, String uvLimit)
      throws IOException {
    this.folder = folder;
    var settings =
        new Binder(
            new MapConfigurationPropertySource(
                Map.of(
                    "uv.executable",
                    TestTools.uv(),
                    "uv.limit",
                    uvLimit,
                    "sandbox.bubblewrap",
                    TestTools.bubblewrap(),
                    "sandbox.time",
                    sandboxLimit,
                    "sandbox.trusted",
                    TENANT)));
    uv =
        new Uv(
            settings.bindOrCreate("uv", UvSettings.class),
            new Sandbox(settings.bindOrCreate("sandbox", SandboxSettings.class)),
            environment,
            folder.resolve("data"));
    assembler =
        new Assembler(
            Target.GRAALPY,
            new Dependencies(
                uv,
                indexes,
                indexes,
                indexes,
                Wheelhouse::empty,
                Set.of(environment.getOrDefault("UV_DEFAULT_INDEX", "https://pypi.org/simple"))),
            indexes);
  }

  /**
   * Opens a workshop for builds that hang.
   *
   * @param sandboxLimit of time for one command in the sandbox
   */
  static Workshop impatient(Path folder, String sandboxLimit) throws IOException {
    return new Workshop(folder, System.getenv(), sandboxLimit, UV_LIMIT);
  }

  /**
   * Opens a workshop for indexes that hang.
   *
   * @param uvLimit of time for one run of uv
   */
  static Workshop impatientWithIndexes(Path folder, String uvLimit) throws IOException {
    return new Workshop(folder, System.getenv(), SANDBOX_LIMIT, uvLimit);
  }

  static Workshop open(Path folder) throws IOException {
    return new Workshop(folder, System.getenv(), SANDBOX_LIMIT, UV_LIMIT);
  }

  /**
   * Opens a workshop whose uv has additional variables.
   *
   * @param variables environment variables that an operator sets
   */
  static Workshop open(Path folder, Map<String, String> variables) throws IOException {
    var environment = new HashMap<>(System.getenv());
    environment.putAll(variables);
    return new Workshop(folder, environment, SANDBOX_LIMIT, UV_LIMIT);
  }

  /** Returns true if builds run in a sandbox on this machine. */
  static boolean hasWalls() {
    return Bubblewrap.works(TestTools.bubblewrap());
  }

  /** Creates the executable that answers uv's interpreter query for the target. */
  Path interpreter() throws IOException {
    return StubInterpreter.install(folder.resolve("data/interpreter"), Target.GRAALPY);
  }

  /**
   * A finished build.
   *
   * @param files files of the code and of all layers by path
   */
  record Built(Assembled assembled, List<String> log, Map<String, String> files) {

    BuildReport report() {
      return assembled.report();
    }

    /** Returns the versions of the packages by name. */
    Map<String, String> packages() {
      return report().packages().stream()
          .collect(
              Collectors.toMap(
                  BuildReport.ShippedPackage::name,
                  BuildReport.ShippedPackage::version,
                  (one, _) -> one));
    }

    BuildReport.ShippedPackage onlyPackage() {
      return report().packages().getFirst();
    }
  }

  /** Builds a project from its files by path. */
  Built build(Map<String, String> files) throws IOException {
    return buildBytes(bytes(files));
  }

  /** Builds a project of binary files. */
  Built buildBytes(Map<String, byte[]> files) throws IOException {
    var log = new CopyOnWriteArrayList<String>();
    var assembled = assembleBytes(files, log);
    var content = new TreeMap<String, String>();
    for (var layer : assembled.manifest().layers()) {
      content.putAll(Wheels.unzip(indexes.blob(layer.digest())));
    }
    return new Built(assembled, List.copyOf(log), content);
  }

  private Assembled assemble(Map<String, String> files, List<String> log) throws IOException {
    return assembleBytes(bytes(files), log);
  }

  private static Map<String, byte[]> bytes(Map<String, String> files) {
    var bytes = new HashMap<String, byte[]>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
    return bytes;
  }

  private Assembled assembleBytes(Map<String, byte[]> files, List<String> log) throws IOException {
    var own = Files.createTempDirectory(folder, "build-");
    try {
      return assemble(files, own, log);
    } finally {
      FileSystemUtils.deleteRecursively(own);
    }
  }

  private Assembled assemble(Map<String, byte[]> files, Path own, List<String> log)
      throws IOException {
    var source = Files.createDirectory(own.resolve("source"));
    for (var file : files.entrySet()) {
      var path = source.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    var request =
        new Assembler.Request(
            TENANT,
            source,
            Optional.empty(),
            Optional.empty(),
            Files.createDirectory(own.resolve("work")));
    return assembler.assemble(request, log::add);
  }

  /** Builds a project that must be refused, and returns the error. */
  HearthException refused(Map<String, String> files) {
    return refused(files, new CopyOnWriteArrayList<>());
  }

  /**
   * Builds a project that must be refused, and returns the error.
   *
   * @param log receives the lines of the build's log
   */
  HearthException refused(Map<String, String> files, List<String> log) {
    return catchThrowableOfType(HearthException.class, () -> assemble(files, log));
  }

  /** Builds a project of binary files that must be refused, and returns the error. */
  HearthException refusedBytes(Map<String, byte[]> files) {
    return catchThrowableOfType(
        HearthException.class, () -> assembleBytes(files, new CopyOnWriteArrayList<>()));
  }

  @Override
  public void close() throws IOException {
    uv.close();
  }
}
