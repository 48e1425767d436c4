package dev.hearth.executor.runtime;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.sandbox.HostStart;
import dev.hearth.executor.sandbox.SandboxSettings;
import dev.hearth.kit.sandbox.ControlGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Compiles layers with GraalPy, in one process at a time with a lower priority than hosts. */
@Component
class GraalPyCompiler implements LayerCompiler {

  /** Main class of executor-host. */
  static final String MAIN = "dev.hearth.host.HostMain";

  private static final DataSize MEMORY = DataSize.ofGigabytes(1);
  private static final int THREADS = 256;

  private final GraalPySettings settings;
  private final boolean usesCache;
  private final Path log;
  private final AtomicInteger count = new AtomicInteger();
  private volatile @Nullable Process process;
  private volatile @Nullable String release;

  GraalPyCompiler(GraalPySettings settings, SandboxSettings sandbox, NodeSettings node) {
    this.settings = settings;
    this.usesCache = sandbox.start() != HostStart.PLAIN && !settings.debug();
    this.log = node.data().resolve("hosts").resolve("compiler.log").toAbsolutePath();
  }

  @Override
  public String release() {
    var known = release;
    if (known == null) {
      known = findRelease();
      release = known;
    }
    return known;
  }

  private String findRelease() {
    var prefix = "python-language-";
    try (var libraries = Files.list(settings.home().resolve("lib"))) {
      return libraries
          .map(library -> library.getFileName().toString())
          .filter(name -> name.startsWith(prefix) && name.endsWith(".jar"))
          .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no GraalPy library in " + settings.home()));
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot read " + settings.home(), failed);
    }
  }

  @Override
  public void compile(Map<Path, Path> folders) throws IOException, InterruptedException {
    var name =
        "hearth-%d-compiler-%d".formatted(ProcessHandle.current().pid(), count.incrementAndGet());
    try (var group = ControlGroup.make(name, MEMORY.toBytes(), THREADS)) {
      var builder = new ProcessBuilder(command(group, folders)).redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().put("LANG", "C.UTF-8");
      builder.environment().put("PATH", "/usr/bin:/bin");
      builder.redirectOutput(log.toFile());
      var started = builder.start();
      process = started;
      var _ = group.stepBehind(started.toHandle());
      started.getOutputStream().close();
      await(started);
    }
  }

  private void await(Process started) throws IOException, InterruptedException {
    var limit = settings.compileLimit();
    if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      started.destroyForcibly().waitFor();
      throw new IOException("the bytecode compiler did not end within " + limit);
    }
    if (started.exitValue() != 0) {
      throw new IOException(
          "the bytecode compiler ended with exit code %d; its log is %s"
              .formatted(started.exitValue(), log));
    }
  }

  private List<String> command(ControlGroup group, Map<Path, Path> folders) {
    var home = settings.home().toAbsolutePath();
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            "/bin/sh",
            "-c",
            group.enter() + "exec nice -n 19 \"$@\"",
            "sh",
            settings.javaExecutable(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpolyglotimpl.AttachLibraryFailureAction=ignore"));
    var cache = home.resolve("host.aot");
    if (usesCache && Files.exists(cache)) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(
        List.of(
            "-cp", home.resolve("lib") + "/*", MAIN, "bytecode", home.resolve("home").toString()));
    folders.forEach((source, target) -> {
      command.add(source.toString());
      command.add(target.toString());
    });
    return command;
  }

  @Override
  public void stop() {
    var running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
