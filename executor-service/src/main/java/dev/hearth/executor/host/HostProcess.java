package dev.hearth.executor.host;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceLimits;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.OutputLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.Transport;
import org.springframework.util.unit.DataSize;

/**
 * One host process, see {@link HostClient} for what it is asked. Its standard input tells it that
 * we live, its standard output carries what instances print.
 */
public final class HostProcess {

  /** How long a host that must go has for the answers of its other calls. */
  private static final Duration ANSWERS = Duration.ofSeconds(1);

  /** The same where nothing is wrong with it; clients may be slow. */
  private static final Duration SLOW_ANSWERS = Duration.ofSeconds(30);

  /** How often one that is being made anew is asked whether it answers. */
  private static final Duration LOOK = Duration.ofMillis(4);

  private final String name;
  private final Process process;
  private final HostFolder folder;
  private final HostClient client;
  private final Set<String> instances = ConcurrentHashMap.newKeySet();
  private final AtomicInteger hadInstances = new AtomicInteger();
  private final long bootedAt = System.nanoTime();
  private volatile long changedAt = bootedAt;
  private volatile InstanceLimits limits = InstanceLimits.DEFAULT;
  private volatile boolean isLeaving;
  private volatile boolean isOfOne;
  private volatile boolean isFull;
  private volatile Optional<ProcessHandle> inner = Optional.empty();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> retired = new CompletableFuture<>();

  HostProcess(
      String name,
      Process process,
      HostFolder folder,
      Path log,
      HttpClient client,
      Consumer<OutputLine> output) {
    this.name = name;
    this.process = process;
    this.folder = folder;
    this.client = new HostClient(client, new Transport.TCPUnix(folder.socket()));
    HostOutput.read(name, process, log, () -> ready.complete(null), output);
    process
        .onExit()
        .thenAccept(ended ->
            ready.completeExceptionally(
                new IllegalStateException(
                    "the host process ended with " + ended.exitValue() + " before it was ready")));
  }

  /** Sets how much each instance may write to its temporary folder. */
  void limitInstances(DataSize temporary) {
    limits = InstanceLimits.DEFAULT.withTemporaryBytes(temporary.toBytes());
  }

  /** Waits until the host has booted. */
  void awaitReady(Duration limit) throws InterruptedException, TimeoutException {
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(name + " did not boot", failed.getCause());
    }
  }

  /** Waits until a host that was made anew answers. */
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
  }

  public String name() {
    return name;
  }

  /** What the host sees of this node. */
  public HostFolder folder() {
    return folder;
  }

  /** How the host's socket is reached. */
  public Transport transport() {
    return client.transport();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Has the host's sample answer so many calls, or as many as the time allows. */
  void rehearse(int calls, Duration limit) throws InterruptedException {
    client.rehearse(calls, limit);
  }

  /** Has the host leave nothing undone, and no connection open. */
  void rest() throws InterruptedException, IOException {
    client.rest();
  }

  /** The process that waits for it. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** The process itself behind a wall: bubblewrap waits outside and inside. */
  Optional<ProcessHandle> inner() {
    if (inner.isEmpty()) {
      // Each look goes through all processes of the machine.
      inner = process.children().findFirst().flatMap(init -> init.children().findFirst());
    }
    return inner;
  }

  /** Has the host make an instance; blocks until it answered its probe. */
  public StartResult start(InstanceSpec spec) throws InterruptedException {
    var result = client.start(spec.withLimits(limits));
    if (!(result instanceof StartResult.Started)) {
      forget(spec.id());
    }
    return result;
  }

  /** Has the instance of a host that was made anew go on. */
  public StartResult resume(String instance) throws InterruptedException {
    var result = client.change(instance, HostProtocol.RESUME);
    if (!(result instanceof StartResult.Started)) {
      forget(instance);
    }
    return result;
  }

  /** Has its only instance get ready to be written down. */
  public StartResult suspend(String instance) throws InterruptedException {
    return client.change(instance, HostProtocol.SUSPEND);
  }

  /** How many instances it has, or will have. */
  public int instances() {
    return instances.size();
  }

  /** How many it has had. */
  int hadInstances() {
    return hadInstances.get();
  }

  /** An instance will be started here. */
  HostProcess reserve(String instance) {
    instances.add(instance);
    hadInstances.incrementAndGet();
    return this;
  }

  /** How long it has had no instance. */
  Duration idle() {
    return instances.isEmpty() ? Duration.ofNanos(System.nanoTime() - changedAt) : Duration.ZERO;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - bootedAt);
  }

  /** Gets no more instances; it ends when those that it has were replaced elsewhere. */
  void leave() {
    isLeaving = true;
    endIfLeft();
  }

  public boolean isLeaving() {
    return isLeaving;
  }

  /** Says whether what it has is all that its heap holds. */
  void full(boolean full) {
    isFull = full;
  }

  boolean isFull() {
    return isFull;
  }

  /**
   * Bytes that the process holds for itself, its files in memory too; what it shares with others of
   * its kind is not in.
   */
  long memory() {
    var folders = folder.inMemory();
    var files =
        folders.isEmpty() ? 0 : inner().map(own -> ResidentMemory.ofFiles(own, folders)).orElse(0L);
    return ResidentMemory.of(handle()) + files;
  }

  /** What it looks like from inside. */
  HostState state() throws InterruptedException, ExecutionException, TimeoutException {
    return client.state();
  }

  /** An instance has ended there. */
  public void forget(String instance) {
    instances.remove(instance);
    changedAt = System.nanoTime();
    if (isOfOne && instances.isEmpty()) {
      retire();
    }
    endIfLeft();
  }

  /** Is for one instance and ends with it: the next one is made anew as fast. */
  HostProcess ofOne() {
    isOfOne = true;
    return this;
  }

  boolean isOfOne() {
    return isOfOne;
  }

  private void endIfLeft() {
    if (isLeaving && instances.isEmpty()) {
      endWithin(SLOW_ANSWERS);
    }
  }

  /** Has the host end an instance; does not wait. */
  public void stop(String instance) {
    forget(instance);
    client.stop(instance);
  }

  /** Tells the host that nobody waits for a call any more; does not wait. */
  public void cancel(String invocation) {
    client.cancel(invocation);
  }

  /** Whether the host's sample answers soon. */
  public CompletableFuture<Boolean> answers() {
    return client.answers();
  }

  /** Ends the process at once. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Whether the process has ended when the time is up; known as soon as it has. */
  public CompletableFuture<Boolean> endsWithin(Duration patience) {
    return process
        .onExit()
        .thenApply(_ -> true)
        .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** No more is asked of it; it ends when the answers that it still has are here. */
  void retire() {
    endWithin(ANSWERS);
  }

  private void endWithin(Duration patience) {
    isLeaving = true;
    retired.complete(null);
    endsWithin(patience).thenRun(this::kill);
  }

  /** Done when the process has ended. */
  CompletableFuture<Void> ended() {
    return process.onExit().thenRun(() -> {});
  }

  /** Calls back once, with the exit value, when the process has ended. */
  void onExit(IntConsumer action) {
    process.onExit().thenAccept(ended -> action.accept(ended.exitValue()));
  }

  /** Calls back once, when the process has ended or will do so soon. */
  public void onEnding(Runnable action) {
    CompletableFuture.anyOf(process.onExit(), retired)
        .thenRunAsync(action, Thread::startVirtualThread);
  }
}
