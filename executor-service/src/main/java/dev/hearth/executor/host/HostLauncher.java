package dev.hearth.executor.host;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.output.FunctionOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.HttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Starts host processes and ends them all with the service. */
@Component
class HostLauncher implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(HostLauncher.class);

  /** So that the way into the host is compiled, on both sides, before a user's call takes it. */
  private static final int REHEARSALS = 300;

  private static final Duration REHEARSAL_LIMIT = Duration.ofSeconds(2);

  private final HostSettings settings;
  private final HostWall wall;
  private final NodeMemory memory;
  private final NodeEgress egress;
  private final Path folder;
  private final HttpClient client;
  private final FunctionOutput output;
  private final AtomicInteger count = new AtomicInteger();
  private final Set<HostProcess> alive = ConcurrentHashMap.newKeySet();

  HostLauncher(
      HostSettings settings,
      HostWall wall,
      NodeMemory memory,
      NodeEgress egress,
      NodeSettings node,
      HttpClient hostClient,
      FunctionOutput output)
      throws IOException {
    this.settings = settings;
    this.wall = wall;
    this.memory = memory;
    this.egress = egress;
    this.folder = node.data().resolve("hosts").toAbsolutePath();
    // Left by an earlier run that was killed; no host of it lives.
    HostFolder.delete(folder);
    Files.createDirectories(folder);
    this.client = hostClient;
    this.output = output;
  }

  /** Boots a host; blocks until it is ready. */
  HostProcess boot(DataSize heap) throws InterruptedException {
    var begun = System.nanoTime();
    var name = "host-" + count.incrementAndGet();
    try {
      var host = start(name, heap);
      host.awaitReady(settings.bootLimit());
      host.folder().seal();
      host.rehearse(REHEARSALS, REHEARSAL_LIMIT);
      memory.add(host);
      log.atInfo()
          .addKeyValue("host", name)
          .addKeyValue("start", settings.startName())
          .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
          .log("host booted");
      return host;
    } catch (IOException failed) {
      kill(name);
      throw new UncheckedIOException("a host process cannot be started", failed);
    } catch (TimeoutException slow) {
      kill(name);
      throw new IllegalStateException(name + " did not boot within " + settings.bootLimit(), slow);
    } catch (RuntimeException | InterruptedException failed) {
      kill(name);
      throw failed;
    }
  }

  private void kill(String name) {
    alive.stream().filter(host -> host.name().equals(name)).forEach(HostProcess::kill);
  }

  /** Starts the process; what it was given goes with it, or when it does not start. */
  private HostProcess start(String name, DataSize heap) throws IOException {
    var own = HostFolder.make(folder.resolve(name));
    var group = wall.group(ProcessHandle.current().pid() + "-" + name, heap);
    try {
      var builder =
          new ProcessBuilder(
              wall.around(own, group, environment(), egress.shown(), command(own.socket(), heap)));
      builder.environment().clear();
      builder.directory(folder.toFile());
      builder.redirectError(folder.resolve(name + ".log").toFile());
      var host = new HostProcess(name, builder.start(), own, client, output::accept);
      alive.add(host);
      host.onExit(exit -> {
        log.atInfo().addKeyValue("host", name).addKeyValue("exit", exit).log("host ended");
        memory.remove(host);
        alive.remove(host);
        group.close();
        own.remove();
      });
      return host;
    } catch (IOException failed) {
      group.close();
      own.remove();
      throw failed;
    }
  }

  private Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("LANG", "C.UTF-8");
    var path = settings.path();
    if (path != null && !path.isEmpty()) {
      environment.put("PATH", path);
    }
    settings
        .knownCertificates()
        .ifPresent(file -> environment.put(HostWall.CERTIFICATES, file.toString()));
    return environment;
  }

  private List<String> command(Path socket, DataSize heap) {
    var home = settings.home().toAbsolutePath();
    var command = new ArrayList<String>();
    command.add(settings.javaExecutable());
    command.add("-Xmx" + heap.toMegabytes() + "m");
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            // What dies young is little, and its room stays in memory once it was used.
            "-XX:MaxNewSize=48m",
            // Mapped where it was made for, the cache is shared by all hosts.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:MinHeapFreeRatio=15",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:+ExitOnOutOfMemoryError",
            // Who looks for the reason of a crash finds it in the host's log.
            "-XX:+ErrorFileToStderr",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpolyglotimpl.AttachLibraryFailureAction=ignore"));
    settings.aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache.toAbsolutePath()));
    command.addAll(
        List.of(
            "-cp",
            home.resolve("lib") + "/*",
            "dev.hearth.host.HostMain",
            "serve",
            socket.toString(),
            home.resolve("home").toString(),
            home.resolve("packages").toString()));
    egress.argument().ifPresent(command::add);
    return command;
  }

  @Override
  public void destroy() {
    alive.forEach(HostProcess::kill);
  }
}
