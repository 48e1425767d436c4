package dev.hearth.standalone;

import dev.hearth.api.upload.SourceArchive;
import dev.hearth.build.assembly.Assembled;
import dev.hearth.build.assembly.Assembler;
import dev.hearth.build.assembly.Dependencies;
import dev.hearth.build.python.Target;
import dev.hearth.build.queue.BuildSettings;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.sandbox.SandboxSettings;
import dev.hearth.build.session.Uv;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Implements {@code ./hearth build PATH --out DIR}: builds the same artifact as the platform,
 * without a platform. The output folder is an OCI image layout.
 */
@Command(name = "hearth build", mixinStandardHelpOptions = true)
final class LocalBuild implements Callable<Integer> {

  private static final String TENANT = "local";

  @Option(names = "--archive", required = true, description = "The project as a zip or tar.gz.")
  private Path archive = Path.of("archive");

  @Option(names = "--out", required = true, description = "Folder for the artifact.")
  private Path out = Path.of("out");

  @Option(
      names = "--cache",
      required = true,
      description = "Folder that caches layers between builds.")
  private Path cache = Path.of("cache");

  @Option(names = "--find-links", description = "Folder with wheels of a wheelhouse.")
  private Optional<Path> findLinks = Optional.empty();

  @Option(names = "--entry", description = "Entry point as module:attribute.")
  private Optional<String> entry = Optional.empty();

  @Option(names = "--uv", required = true)
  private String uv = "uv";

  @Option(names = "--bubblewrap", defaultValue = "bwrap")
  private String bubblewrap = "bwrap";

  /** Sends log lines to a temporary file instead of the terminal. */
  static void logToFile() throws IOException {
    var log = Files.createTempFile("hearth-build", ".log");
    log.toFile().deleteOnExit();
    System.setProperty("hearth.log", log.toString());
  }

  static void main(String[] arguments) throws IOException {
    logToFile();
    System.exit(new CommandLine(new LocalBuild()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var scratch = Files.createTempDirectory("hearth-build");
    try {
      var assembled = assemble(scratch);
      new OciLayout(out, cache.resolve("blobs")).write(assembled);
      System.out.println(assembled.digest());
      return 0;
    } catch (HearthException refused) {
      System.err.println("failed (" + refused.code().code() + "): " + refused.detail());
      return 1;
    } finally {
      FileSystemUtils.deleteRecursively(scratch);
    }
  }

  private Assembled assemble(Path scratch) throws IOException {
    var canonical = SourceArchive.read(archive, Files.createDirectory(scratch.resolve("upload")));
    var source = Files.createDirectory(scratch.resolve("source"));
    Archives.unpack(canonical.file(), source);
    var queue = settings("build.queue", BuildSettings.class);
    var folders = new FolderIndexes(cache, queue.fresh());
    var sandbox = new Sandbox(settings("build.sandbox", SandboxSettings.class));
    var target = Target.GRAALPY;
    var assembler =
        new Assembler(
            target,
            new Dependencies(
                new Uv(
                    settings("build.uv", UvSettings.class),
                    sandbox,
                    System.getenv(),
                    cache.resolve("uv")),
                folders.layers(),
                folders.resolutions(),
                folders,
                () ->
                    findLinks.isEmpty()
                        ? Wheelhouse.empty()
                        : Wheelhouse.of(findLinks.get(), target),
                queue.publicIndexes()),
            folders);
    var request =
        new Assembler.Request(
            TENANT,
            source,
            entry,
            Optional.empty(),
            Files.createDirectory(scratch.resolve("work")));
    return assembler.assemble(request, System.err::println);
  }

  /** Binds a settings record to its defaults and the values of the command line. */
  private <T> T settings(String prefix, Class<T> type) {
    // The project belongs to the user who runs this command.
    var given =
        Map.of(
            "build.uv.executable",
            uv,
            "build.sandbox.trusted",
            TENANT,
            "build.sandbox.bubblewrap",
            bubblewrap);
    return new Binder(new MapConfigurationPropertySource(given)).bindOrCreate(prefix, type);
  }
}
