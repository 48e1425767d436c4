package dev.hearth.executor.host;

import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.output.FunctionOutput;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Runtime.HostSize;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.snapshot.HostImages;
import dev.hearth.kit.sandbox.ControlGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.client.HttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Starts host processes of every runtime, and ends them all with this service. */
@Component
class HostLauncher implements Hosts, SmartLifecycle, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(HostLauncher.class);

  /** Sample calls that compile the code of calls in node and host before the first user's call. */
  private static final int REHEARSALS = 300;

  private static final Duration REHEARSAL_LIMIT = Duration.ofSeconds(2);

  private static final Optional<HostImages> NONE = Optional.empty();

  private final HostSettings settings;
  private final HostSandbox sandbox;
  private final HostCommands commands;
  private final StemSnapshots snapshots;
  private final NodeMemory memory;
  private final Path folder;
  private final HttpClient client;
  private final FunctionOutput output;
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean isClosing;
  private volatile boolean isRunning;
  private final AtomicBoolean isRehearsed = new AtomicBoolean();
  private final Map<HostProcess, ControlGroup> alive = new ConcurrentHashMap<>();

  HostLauncher(
      HostSettings settings,
      HostSandbox sandbox,
      HostCommands commands,
      StemSnapshots snapshots,
      NodeMemory memory,
      NodeSettings node,
      HttpClient hostClient,
      FunctionOutput output)
      throws IOException {
    this.settings = settings;
    this.sandbox = sandbox;
    this.commands = commands;
    this.snapshots = snapshots;
    this.memory = memory;
    this.folder = node.data().resolve("hosts").toAbsolutePath();
    // An earlier run that was killed leaves folders, but no hosts.
    HostFolder.delete(folder);
    ControlGroup.deleteLeft();
    Files.createDirectories(folder);
    this.client = hostClient;
    this.output = output;
  }

  @Override
  public Host boot(Runtime runtime, DataSize heap) throws InterruptedException {
    var isStem = heap.equals(runtime.stem().heap());
    var size = isStem ? runtime.stem() : runtime.withHeap(heap);
    try {
      var snapshot = snapshots.of(runtime).filter(_ -> isStem);
      var identity = commands.identity(runtime, heap, folder);
      var images = snapshot.isPresent() ? snapshot.get().images(identity) : NONE;
      if (images.isPresent()) {
        try {
          return launch(runtime, size, images, _ -> {});
        } catch (IllegalStateException failed) {
          if (isClosing) {
            throw failed;
          }
          snapshot.get().discard(images.get(), failed);
        }
      }
      var host = launch(runtime, size, NONE, _ -> {});
      if (snapshot.isPresent()) {
        snapshot.get().take(host, identity);
      }
      return host;
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot start a host process", failed);
    }
  }

  @Override
  public void stepBehind(Host host) {
    alive.forEach((process, group) -> {
      if (process == host && !group.stepBehind(process.handle())) {
        log.atDebug().addKeyValue("host", host.name()).log("host keeps its processor priority");
      }
    });
  }

  @Override
  public Host restore(Runtime runtime, HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    return launch(runtime, runtime.stem(), Optional.of(images), prepare);
  }

  private HostProcess launch(
      Runtime runtime, HostSize size, Optional<HostImages> images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var name = "host-" + count.incrementAndGet();
    try {
      var host = start(name, runtime, size, images, prepare);
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
          .addKeyValue("start", images.isPresent() ? "snapshot" : runtime.bootName())
          .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
          .log("host booted");
      return host;
    } catch (TimeoutException slow) {
      kill(name);
      throw new IllegalStateException(name + " did not boot within " + settings.bootLimit(), slow);
    } catch (RuntimeException | IOException | InterruptedException failed) {
      // Whatever failed, the process must not stay behind.
      kill(name);
      throw failed;
    }
  }

  private void kill(String name) {
    alive.keySet().stream().filter(host -> host.name().equals(name)).forEach(HostProcess::kill);
  }

  /** Starts the process; removes its folders and control group when it ends or fails to start. */
  private HostProcess start(
      String name,
      Runtime runtime,
      HostSize size,
      Optional<HostImages> images,
      Consumer<HostFolder> prepare)
      throws IOException {
    var own = HostFolder.make(folder.resolve(name), sandbox.isAvailable());
    var group =
        sandbox.group(
            ProcessHandle.current().pid() + "-" + name,
            size.limitWith(settings.instanceTemporary()));
    try {
      prepare.accept(own);
      if (images.isPresent()) {
        // Code may run as soon as the host is restored. CRIU may write to a sealed folder.
        own.seal();
      }
      var builder = new ProcessBuilder(commands.command(runtime, own, group, size, images));
      builder.environment().clear();
      builder.directory(folder.toFile());
      var process = builder.start();
      var host = new HostProcess(name, process, own, client, settings);
      var messages = folder.resolve(name + ".log");
      HostOutput.read(name, process, messages, host::ready, output::accept);
      watch(host, process, group);
      return host;
    } catch (IOException | RuntimeException failed) {
      // Whatever failed, the control group must not stay behind.
      group.close();
      own.remove();
      throw failed;
    }
  }

  private void watch(HostProcess host, Process process, ControlGroup group) {
    alive.put(host, group);
    var _ =
        process
            .onExit()
            .thenAccept(ended -> {
              log.atInfo()
                  .addKeyValue("host", host.name())
                  .addKeyValue("exit", ended.exitValue())
                  .log("host ended");
              memory.remove(host);
              alive.remove(host);
              group.close();
              host.folder().remove();
            });
  }

  @Override
  public void start() {
    isRunning = true;
  }

  /** Ends all instances in time for their last lines to be published. */
  @Override
  public void stop() {
    isClosing = true;
    var ends =
        alive.keySet().stream().map(HostProcess::stopAll).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends).join();
    isRunning = false;
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }

  @Override
  public int getPhase() {
    return FunctionOutput.PHASE + 1;
  }

  @Override
  public void destroy() {
    isClosing = true;
    alive.keySet().forEach(HostProcess::kill);
  }
}
