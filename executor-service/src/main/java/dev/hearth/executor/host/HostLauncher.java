package dev.hearth.executor.host;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.output.FunctionOutput;
import dev.hearth.kit.sandbox.ControlGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

  private static final Optional<HostImages> NONE = Optional.empty();

  private final HostSettings settings;
  private final HostWall wall;
  private final NodeMemory memory;
  private final NodeEgress egress;
  private final StemSnapshot stem;
  private final Path folder;
  private final HttpClient client;
  private final FunctionOutput output;
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean isClosing;
  private final AtomicBoolean isRehearsed = new AtomicBoolean();
  private final Map<HostProcess, ControlGroup> alive = new ConcurrentHashMap<>();

  HostLauncher(
      HostSettings settings,
      HostWall wall,
      NodeMemory memory,
      NodeEgress egress,
      StemSnapshot stem,
      NodeSettings node,
      HttpClient hostClient,
      FunctionOutput output)
      throws IOException {
    this.settings = settings;
    this.wall = wall;
    this.memory = memory;
    this.egress = egress;
    this.stem = stem;
    this.folder = node.data().resolve("hosts").toAbsolutePath();
    // Left by an earlier run that was killed; no host of it lives.
    HostFolder.delete(folder);
    ControlGroup.deleteLeft();
    Files.createDirectories(folder);
    this.client = hostClient;
    this.output = output;
  }

  /** Has a host; blocks until it is ready. */
  HostProcess boot(DataSize heap) throws InterruptedException {
    try {
      var known = heap.equals(settings.heap()) ? stem.images(bootCommand(heap)) : NONE;
      if (known.isPresent()) {
        try {
          return launch(heap, known, _ -> {});
        } catch (IllegalStateException failed) {
          if (isClosing) {
            throw failed;
          }
          stem.discard(known.get(), failed);
        }
      }
      var host = launch(heap, NONE, _ -> {});
      if (heap.equals(settings.heap())) {
        stem.take(host, bootCommand(heap));
      }
      return host;
    } catch (IOException failed) {
      throw new UncheckedIOException("a host process cannot be started", failed);
    }
  }

  /** Has a host stand behind all others in what it gets of the processor. */
  void stepBehind(HostProcess host) {
    var group = alive.get(host);
    if (group != null && !group.stepBehind(host.handle())) {
      log.atDebug().addKeyValue("host", host.name()).log("it takes its full part of the processor");
    }
  }

  /**
   * Makes a host anew; blocks until it answers.
   *
   * @param prepare shows it what it saw
   * @throws IllegalStateException when it does not live
   */
  HostProcess restore(HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    return launch(settings.heap(), Optional.of(images), prepare);
  }

  private HostProcess launch(
      DataSize heap, Optional<HostImages> images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var name = "host-" + count.incrementAndGet();
    try {
      var host = start(name, heap, images, prepare);
      if (images.isPresent()) {
        host.awaitAnswer(settings.bootLimit());
      } else {
        host.awaitReady(settings.bootLimit());
        host.folder().seal();
      }
      if (images.isEmpty() || !isRehearsed.getAndSet(true)) {
        host.rehearse(REHEARSALS, REHEARSAL_LIMIT);
      }
      memory.add(host);
      log.atInfo()
          .addKeyValue("host", name)
          .addKeyValue("start", images.isPresent() ? "snapshot" : settings.bootName())
          .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
          .log("host booted");
      return host;
    } catch (TimeoutException slow) {
      kill(name);
      throw new IllegalStateException(name + " did not boot within " + settings.bootLimit(), slow);
    } catch (RuntimeException | IOException | InterruptedException failed) {
      kill(name);
      throw failed;
    }
  }

  private void kill(String name) {
    alive.keySet().stream().filter(host -> host.name().equals(name)).forEach(HostProcess::kill);
  }

  /** Starts the process; what it was given goes with it, or when it does not start. */
  private HostProcess start(
      String name, DataSize heap, Optional<HostImages> images, Consumer<HostFolder> prepare)
      throws IOException {
    var own = HostFolder.make(folder.resolve(name), wall.stands());
    var group = wall.group(ProcessHandle.current().pid() + "-" + name, heap);
    try {
      prepare.accept(own);
      if (images.isPresent()) {
        // Code may run in it as soon as it lives; CRIU alone needs no leave.
        own.seal();
      }
      var builder = new ProcessBuilder(command(own, group, heap, images));
      builder.environment().clear();
      builder.directory(folder.toFile());
      var messages = folder.resolve(name + ".log");
      var host = new HostProcess(name, builder.start(), own, messages, client, output::accept);
      host.limitInstances(settings.instanceTemporary());
      alive.put(host, group);
      host.onExit(exit -> {
        log.atInfo().addKeyValue("host", name).addKeyValue("exit", exit).log("host ended");
        memory.remove(host);
        alive.remove(host);
        group.close();
        own.remove();
      });
      return host;
    } catch (IOException | RuntimeException failed) {
      group.close();
      own.remove();
      throw failed;
    }
  }

  private List<String> command(
      HostFolder own, ControlGroup group, DataSize heap, Optional<HostImages> images) {
    return images
        .map(known ->
            wall.aroundRestored(
                own, group, environment(), egress.shown(), known.folder(), restoring(known)))
        .orElseGet(() -> wall.around(own, group, environment(), egress.shown(), jvm(own, heap)));
  }

  private List<String> jvm(HostFolder own, DataSize heap) {
    var command = command(own, heap);
    if (settings.debug()) {
      command.add(1, DebugPort.option(own.socket().toString()));
    }
    return command;
  }

  private List<String> restoring(HostImages images) {
    var command = new ArrayList<String>();
    if (images.hasFiles()) {
      command.addAll(Criu.unpackFiles());
    }
    command.addAll(wall.criu().orElseThrow().restore(images.pipes()));
    return command;
  }

  /** What a host of the pool is booted with, which does not depend on its folder. */
  private List<String> bootCommand(DataSize heap) {
    var all = command(new HostFolder(folder, folder, folder, folder, true), heap);
    new TreeMap<>(environment()).forEach((name, value) -> all.add(name + "=" + value));
    return all;
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

  private List<String> command(HostFolder own, DataSize heap) {
    var home = settings.home().toAbsolutePath();
    var command = new ArrayList<String>();
    command.add(settings.javaExecutable());
    command.add("-Xmx" + heap.toMegabytes() + "m");
    // It never shrinks below what it began with, which would be a part of the machine's memory.
    command.add("-Xms32m");
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            // What dies young is little, and its room stays in memory once it was used.
            "-XX:MaxNewSize=32m",
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
            own.inside(own.socket()).toString(),
            home.resolve("home").toString(),
            home.resolve("packages").toString()));
    egress.argument().ifPresent(command::add);
    return command;
  }

  @Override
  public void destroy() {
    isClosing = true;
    alive.keySet().forEach(HostProcess::kill);
  }
}
