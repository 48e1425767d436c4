package dev.hearth.executor.host;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.kit.sandbox.ControlGroup;
import java.io.IOException;
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

/**
 * A process of its own that compiles layers, and that gets little of the processor while hosts want
 * it. One runs at a time.
 */
@Component
public class CompilerProcess {

  private static final long LIMIT_MINUTES = 10;
  private static final DataSize MEMORY = DataSize.ofGigabytes(1);
  private static final int THREADS = 256;

  private final HostSettings settings;
  private final Path log;
  private final AtomicInteger count = new AtomicInteger();
  private volatile @Nullable Process process;

  CompilerProcess(HostSettings settings, NodeSettings node) {
    this.settings = settings;
    this.log = node.data().resolve("hosts").resolve("compiler.log").toAbsolutePath();
  }

  /** What the bytecode is for: another release of the interpreter does not read it. */
  public String interpreter() throws IOException {
    var prefix = "python-language-";
    try (var libraries = Files.list(settings.home().resolve("lib"))) {
      return libraries
          .map(library -> library.getFileName().toString())
          .filter(name -> name.startsWith(prefix) && name.endsWith(".jar"))
          .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
          .findFirst()
          .orElseThrow(() -> new IOException("no interpreter in " + settings.home()));
    }
  }

  /**
   * Compiles; blocks until that is done.
   *
   * @param folders a layer's folder, and where its bytecode goes
   * @throws IOException when the process failed
   */
  public void compile(Map<Path, Path> folders) throws IOException, InterruptedException {
    var name =
        "hearth-%d-compiler-%d".formatted(ProcessHandle.current().pid(), count.incrementAndGet());
    try (var group = ControlGroup.make(name, MEMORY.toBytes(), THREADS)) {
      compile(group, folders);
    }
  }

  private void compile(ControlGroup group, Map<Path, Path> folders)
      throws IOException, InterruptedException {
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
    settings.aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache.toAbsolutePath()));
    command.addAll(
        List.of(
            "-cp",
            home.resolve("lib") + "/*",
            "dev.hearth.host.HostMain",
            "bytecode",
            home.resolve("home").toString()));
    folders.forEach((source, target) -> {
      command.add(source.toString());
      command.add(target.toString());
    });
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.redirectOutput(log.toFile());
    var started = builder.start();
    process = started;
    var _ = group.stepBehind(started.toHandle());
    started.getOutputStream().close();
    if (!started.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      started.destroyForcibly().waitFor();
      throw new IOException("the compiler did not end within " + LIMIT_MINUTES + " minutes");
    }
    if (started.exitValue() != 0) {
      throw new IOException("the compiler ended with %d; %s".formatted(started.exitValue(), log));
    }
  }

  /** Ends the process that runs, if one does. */
  public void stop() {
    var running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
