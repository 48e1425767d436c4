package dev.hearth.standalone;

import dev.hearth.build.python.Target;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.sandbox.SandboxSettings;
import dev.hearth.build.uv.CPython;
import dev.hearth.build.wheelhouse.Recipe;
import dev.hearth.build.wheelhouse.WheelhouseBuilder;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Builds a wheel for the wheelhouse. {@code ./hearth wheelhouse add} runs this and publishes the
 * wheel.
 */
@Command(name = "hearth wheelhouse add", mixinStandardHelpOptions = true)
final class WheelhouseBuild implements Callable<Integer> {

  @Parameters(index = "0", description = "NAME==VERSION, or the NAME of a recipe.")
  private String requirement = "";

  @Option(names = "--out", required = true, description = "Folder for the wheel.")
  private Path out = Path.of("out");

  @Option(
      names = "--tools",
      description = "Folder of a program that the build needs, with a bin folder.")
  private List<Path> tools = List.of();

  @Option(names = "--allow-host", description = "Further host that the build may connect to.")
  private List<String> hosts = List.of();

  @Option(names = "--executor-host", required = true)
  private Path executorHost = Path.of("executor-host");

  @Option(names = "--bubblewrap", defaultValue = "bwrap")
  private String bubblewrap = "bwrap";

  @Option(names = "--index", defaultValue = "https://pypi.org/simple")
  private URI index = URI.create("https://pypi.org/simple");

  @Option(names = "--time", defaultValue = "2h", description = "Time limit, as in 90m.")
  private String time = "2h";

  @Option(names = "--memory", defaultValue = "8GB", description = "Memory limit.")
  private String memory = "8GB";

  @Option(
      names = "--disk",
      defaultValue = "4GB",
      description = "Limit of written data, which is kept in memory.")
  private String disk = "4GB";

  static void main(String[] arguments) throws IOException {
    LocalBuild.logToFile();
    System.exit(new CommandLine(new WheelhouseBuild()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var scratch = Files.createTempDirectory("hearth-wheelhouse");
    try {
      var known = Recipe.of(requirement);
      if (!known.needs().isEmpty()) {
        System.err.println(known.project() + " needs " + known.needs());
      }
      var allowed = new TreeSet<>(known.hosts());
      allowed.addAll(hosts);
      var recipe =
          new Recipe(known.project(), known.version(), known.options(), allowed, known.needs());
      var wheel = builder().build(recipe, scratch, System.err::println);
      var target = Files.createDirectories(out).resolve(wheel.getFileName());
      Files.copy(wheel, target, StandardCopyOption.REPLACE_EXISTING);
      System.out.println(target);
      return 0;
    } catch (IllegalArgumentException wrong) {
      System.err.println("failed: " + wrong.getMessage());
      return 2;
    } catch (HearthException | IOException failed) {
      System.err.println("failed: " + failed.getMessage());
      return 1;
    } finally {
      FileSystemUtils.deleteRecursively(scratch);
    }
  }

  /** Resolves symbolic links, because the sandbox does not contain their targets. */
  private static List<Path> real(List<Path> given) throws IOException {
    var real = new ArrayList<Path>();
    for (var folder : given) {
      real.add(folder.toRealPath());
    }
    return real;
  }

  private WheelhouseBuilder builder() throws IOException {
    var given =
        Map.of(
            "build.sandbox.trusted", WheelhouseBuilder.OPERATOR,
            "build.sandbox.bubblewrap", bubblewrap,
            "build.sandbox.time", time,
            "build.sandbox.memory", memory,
            "build.sandbox.disk", disk,
            "build.sandbox.processes", "4096");
    var sandbox =
        new Binder(new MapConfigurationPropertySource(given))
            .bindOrCreate("build.sandbox", SandboxSettings.class);
    return new WheelhouseBuilder(
        new Sandbox(sandbox),
        new WheelhouseBuilder.Tools(
            Target.GRAALPY,
            executorHost,
            Path.of(System.getProperty("java.home")),
            CPython.find("python3"),
            real(tools)),
        index);
  }
}
