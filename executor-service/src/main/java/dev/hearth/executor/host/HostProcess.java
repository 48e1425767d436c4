package dev.hearth.executor.host;

import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.contracts.host.OutputLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.io.Transport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One host process. Its standard input tells it that we live, its standard output carries what
 * instances print.
 */
public final class HostProcess {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  /** How long a host may take for a ping, and how many it may miss while it starts an instance. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  private static final int PINGS = 3;

  /** How long a host that must go has for the answers of its other calls. */
  private static final Duration ANSWERS = Duration.ofSeconds(1);

  /** The same where nothing is wrong with it; clients may be slow. */
  private static final Duration SLOW_ANSWERS = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final HostFolder folder;
  private final Transport transport;
  private final HttpClient client;
  private final Set<String> instances = ConcurrentHashMap.newKeySet();
  private final AtomicInteger hadInstances = new AtomicInteger();
  private final long bootedAt = System.nanoTime();
  private volatile long changedAt = bootedAt;
  private volatile boolean isLeaving;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> retired = new CompletableFuture<>();

  /** What became of a start. */
  public sealed interface StartResult {
    /** The instance answered its probe. */
    record Started(InstanceStarted details) implements StartResult {}

    /** The user's code did not start. */
    record Failed(InstanceFailure details) implements StartResult {}

    /** The host ended or did not answer; another may do better. */
    record HostLost(String reason) implements StartResult {}
  }

  HostProcess(
      String name,
      Process process,
      HostFolder folder,
      HttpClient client,
      Consumer<OutputLine> output) {
    this.name = name;
    this.process = process;
    this.folder = folder;
    this.transport = new Transport.TCPUnix(folder.socket());
    this.client = client;
    Thread.ofVirtual().name("output-" + name).start(() -> readOutput(output));
    process
        .onExit()
        .thenAccept(ended ->
            ready.completeExceptionally(
                new IllegalStateException(
                    "the host process ended with " + ended.exitValue() + " before it was ready")));
  }

  /** Waits until the host has booted. */
  void awaitReady(Duration limit) throws InterruptedException, TimeoutException {
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(name + " did not boot", failed.getCause());
    }
  }

  private void readOutput(Consumer<OutputLine> output) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("ready")) {
          ready.complete(null);
        } else {
          forward(line, output);
        }
      }
    } catch (IOException _) {
      // The process ended.
    }
  }

  private static void forward(String line, Consumer<OutputLine> output) {
    try {
      output.accept(JSON.readValue(line, OutputLine.class));
    } catch (JacksonException _) {
      // Not ours: native code that wrote to the descriptor itself. It belongs to no instance.
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
    return transport;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Has the host's sample answer so many calls, or as many as the time allows. */
  void rehearse(int calls, Duration limit) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      for (int i = 0; i < calls && System.nanoTime() < deadline; i++) {
        ping(limit).send();
      }
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException(name + " does not answer", failed);
    }
  }

  /** Has the host make an instance; blocks until it answered its probe. */
  public StartResult start(InstanceSpec spec) throws InterruptedException {
    var result = begin(spec);
    if (!(result instanceof StartResult.Started)) {
      forget(spec.id());
    }
    return result;
  }

  private StartResult begin(InstanceSpec spec) throws InterruptedException {
    try {
      var request =
          client
              .POST("http://localhost/instances")
              .transport(transport)
              .body(new StringRequestContent("application/json", JSON.writeValueAsString(spec)))
              .timeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      var answer = awaitWhileAlive(new CompletableResponseListener(request).send());
      return switch (answer.getStatus()) {
        case 201 ->
            new StartResult.Started(JSON.readValue(answer.getContent(), InstanceStarted.class));
        case 422 ->
            new StartResult.Failed(JSON.readValue(answer.getContent(), InstanceFailure.class));
        default -> new StartResult.HostLost("the host answered " + answer.getStatus());
      };
    } catch (ExecutionException | TimeoutException lost) {
      return new StartResult.HostLost(String.valueOf(lost.getMessage()));
    }
  }

  /**
   * Waits as long as the host answers anything at all; an import may take its time, but a host that
   * is out of memory need not be waited for.
   */
  private ContentResponse awaitWhileAlive(CompletableFuture<ContentResponse> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (var silent = 0; ; ) {
      try {
        return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        silent = answers().join() ? 0 : silent + 1;
        if (silent == PINGS) {
          throw slow;
        }
      }
    }
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

  /** Bytes that the process holds for itself; what it shares with others of its kind is not in. */
  long memory() {
    return ResidentMemory.of(process.toHandle());
  }

  /** What it looks like from inside. */
  HostState state() throws InterruptedException, ExecutionException, TimeoutException {
    var answer =
        client
            .newRequest("http://localhost/state")
            .transport(transport)
            .timeout(LOOK.toMillis(), TimeUnit.MILLISECONDS)
            .send();
    return JSON.readValue(answer.getContent(), HostState.class);
  }

  /** An instance has ended there. */
  public void forget(String instance) {
    instances.remove(instance);
    changedAt = System.nanoTime();
    endIfLeft();
  }

  private void endIfLeft() {
    if (isLeaving && instances.isEmpty()) {
      endWithin(SLOW_ANSWERS);
    }
  }

  /** Has the host end an instance; does not wait. */
  public void stop(String instance) {
    forget(instance);
    delete("/instances/" + instance);
  }

  /** Tells the host that nobody waits for a call any more; does not wait. */
  public void cancel(String invocation) {
    delete("/calls/" + invocation);
  }

  private void delete(String path) {
    client
        .newRequest("http://localhost" + path)
        .method("DELETE")
        .transport(transport)
        .timeout(10, TimeUnit.SECONDS)
        .send(_ -> {});
  }

  /** Whether the host's sample answers soon. */
  public CompletableFuture<Boolean> answers() {
    var answered = new CompletableFuture<Boolean>();
    ping(LOOK).send(result -> answered.complete(result.isSucceeded()));
    return answered;
  }

  private Request ping(Duration limit) {
    return client
        .newRequest("http://localhost/call/")
        .transport(transport)
        .headers(headers -> headers.put(HearthHeaders.CALL, HearthHeaders.CALL_PING))
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
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

  /** Calls back once, when the process has ended. */
  void onExit(Runnable action) {
    process.onExit().thenRun(action);
  }

  /** Calls back once, when the process has ended or will do so soon. */
  public void onEnding(Runnable action) {
    CompletableFuture.anyOf(process.onExit(), retired)
        .thenRunAsync(action, Thread::startVirtualThread);
  }
}
