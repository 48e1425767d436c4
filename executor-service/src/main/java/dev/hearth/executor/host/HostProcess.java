package dev.hearth.executor.host;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceLimits;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.memory.ResidentMemory;
import dev.hearth.executor.sandbox.HostFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.Transport;

/**
 * A host as a process of the operating system. It ends when this service ends, because its standard
 * input closes then.
 */
final class HostProcess implements Host {

  /** Interval between looks whether a restored host answers. */
  private static final Duration LOOK = Duration.ofMillis(4);

  private final String name;
  private final Process process;
  private final HostFolder folder;
  private final HostSettings settings;
  private final HostClient client;
  private final Set<String> instances = ConcurrentHashMap.newKeySet();
  private final AtomicReference<CompletableFuture<Void>> ends =
      new AtomicReference<>(CompletableFuture.allOf());
  private final AtomicInteger hadInstances = new AtomicInteger();
  private final AtomicReference<HostLifecycle> lifecycle =
      new AtomicReference<>(HostLifecycle.BOOTING);
  private final long startedAt = System.nanoTime();
  private volatile long changedAt = startedAt;
  private volatile boolean endsWithInstance;
  private volatile Optional<ProcessHandle> inner = Optional.empty();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> retired = new CompletableFuture<>();

  HostProcess(
      String name, Process process, HostFolder folder, HttpClient http, HostSettings settings) {
    this.name = name;
    this.process = process;
    this.folder = folder;
    this.settings = settings;
    this.client = new HostClient(http, new Transport.TCPUnix(folder.socket()), settings);
    var _ =
        process
            .onExit()
            .thenAccept(ended -> {
              become(HostLifecycle.ENDED);
              ready.completeExceptionally(
                  new IllegalStateException(
                      "the host process ended with " + ended.exitValue() + " before it was ready"));
            });
  }

  /** Moves to a state if that is legal; a host that is further already stays where it is. */
  private void become(HostLifecycle next) {
    lifecycle.updateAndGet(now -> now.mayBecome(next) ? next : now);
  }

  @Override
  public HostLifecycle lifecycle() {
    return lifecycle.get();
  }

  /** Tells that the host wrote its ready line. */
  void ready() {
    ready.complete(null);
  }

  /** Waits until the host has booted. */
  void awaitReady(Duration limit) throws InterruptedException, TimeoutException {
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(name + " did not boot", failed.getCause());
    }
    become(HostLifecycle.STEM);
  }

  /** Waits until a restored host answers. */
  void awaitAnswer(Duration limit) throws InterruptedException, TimeoutException {
    var end = System.nanoTime() + limit.toNanos();
    while (!answers().join()) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the process ended with " + process.exitValue());
      }
      if (System.nanoTime() > end) {
        throw new TimeoutException();
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
    become(HostLifecycle.STEM);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public HostFolder folder() {
    return folder;
  }

  @Override
  public Transport transport() {
    return client.transport();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Makes sample calls until the number or the time limit is reached. */
  void rehearse(int calls, Duration limit) throws InterruptedException {
    client.rehearse(calls, limit);
  }

  @Override
  public void rest() throws InterruptedException, IOException {
    client.rest();
  }

  /** Returns the process that this service started: the outer one of a sandbox. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public Optional<ProcessHandle> inner() {
    if (inner.isEmpty()) {
      // Each look goes through all processes of the machine, so the result is kept.
      inner = process.children().findFirst().flatMap(init -> init.children().findFirst());
    }
    return inner;
  }

  @Override
  public StartResult start(InstanceSpec spec) throws InterruptedException {
    var limits = InstanceLimits.DEFAULT.withTemporaryBytes(settings.instanceTemporary().toBytes());
    var result = client.start(spec.withLimits(limits));
    if (!(result instanceof StartResult.Started)) {
      forget(spec.id());
    }
    return result;
  }

  @Override
  public StartResult resume(String instance) throws InterruptedException {
    var result = client.change(instance, HostProtocol.RESUME);
    if (!(result instanceof StartResult.Started)) {
      forget(instance);
    }
    return result;
  }

  @Override
  public StartResult suspend(String instance) throws InterruptedException {
    return client.change(instance, HostProtocol.SUSPEND);
  }

  @Override
  public int instances() {
    return instances.size();
  }

  @Override
  public int hadInstances() {
    return hadInstances.get();
  }

  @Override
  public void reserve(String instance) {
    instances.add(instance);
    hadInstances.incrementAndGet();
    become(HostLifecycle.SERVING);
  }

  @Override
  public Duration idle() {
    return instances.isEmpty() ? Duration.ofNanos(System.nanoTime() - changedAt) : Duration.ZERO;
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /** Returns the bytes of the process and of its files in memory, without what hosts share. */
  @Override
  public long memory() {
    var folders = folder.inMemory();
    var files =
        folders.isEmpty() ? 0 : inner().map(own -> ResidentMemory.ofFiles(own, folders)).orElse(0L);
    return ResidentMemory.of(handle()) + files;
  }

  @Override
  public Optional<HostState> state() throws InterruptedException {
    try {
      return Optional.of(client.state());
    } catch (ExecutionException | TimeoutException _) {
      return Optional.empty();
    }
  }

  @Override
  public void forget(String instance) {
    instances.remove(instance);
    changedAt = System.nanoTime();
    if (endsWithInstance && instances.isEmpty()) {
      var _ = quiet().thenRun(this::retire);
    }
    endIfLeft();
  }

  @Override
  public void endWithInstance() {
    endsWithInstance = true;
  }

  @Override
  public boolean endsWithInstance() {
    return endsWithInstance;
  }

  @Override
  public void leave() {
    become(HostLifecycle.LEAVING);
    endIfLeft();
  }

  private void endIfLeft() {
    if (isLeaving() && instances.isEmpty()) {
      var _ = quiet().thenRun(() -> endWithin(settings.leaveLimit()));
    }
  }

  @Override
  public void stop(String instance) {
    var ended = client.stop(instance);
    ends.updateAndGet(earlier -> CompletableFuture.allOf(earlier, ended));
    forget(instance);
  }

  /** Ends all instances; completes when they have ended. */
  CompletableFuture<Void> stopAll() {
    instances.forEach(this::stop);
    return quiet();
  }

  @Override
  public CompletableFuture<Void> quiet() {
    return ends.get().copy();
  }

  @Override
  public void cancel(String invocation) {
    client.cancel(invocation);
  }

  @Override
  public CompletableFuture<Boolean> answers() {
    return client.answers();
  }

  @Override
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public CompletableFuture<Boolean> endsWithin(Duration patience) {
    return process
        .onExit()
        .thenApply(_ -> true)
        .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void retire() {
    endWithin(settings.answersLimit());
  }

  private void endWithin(Duration patience) {
    become(HostLifecycle.ENDING);
    retired.complete(null);
    var _ = endsWithin(patience).thenRun(this::kill);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return process.onExit().thenRun(() -> {});
  }

  @Override
  public void onEnding(Runnable action) {
    var _ =
        CompletableFuture.anyOf(process.onExit(), retired)
            .thenRunAsync(action, Thread::startVirtualThread);
  }
}
