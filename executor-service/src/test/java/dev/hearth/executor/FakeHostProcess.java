package dev.hearth.executor;

import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.HostLifecycle;
import dev.hearth.executor.host.StartResult;
import dev.hearth.executor.sandbox.HostFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Transport;

/**
 * An in-memory host that starts nothing and remembers its commands. Its name is also the path of
 * its socket.
 */
public final class FakeHostProcess implements Host {

  private final String name;
  private final Set<String> instances = new HashSet<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final List<Runnable> onEnding = new ArrayList<>();
  private HostLifecycle lifecycle = HostLifecycle.STEM;
  private int hadInstances;
  private boolean endsWithInstance;

  /** Ids of the stopped instances. */
  public final List<String> stopped = new ArrayList<>();

  /** Values that {@link #age}, {@link #idle}, {@link #state} and {@link #memory} return. */
  public Duration age = Duration.ZERO;

  public Duration idle = Duration.ZERO;
  public HostState state = new HostState(0.1, 10, 0.1);
  public long memory;

  public FakeHostProcess(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized boolean isAlive() {
    return lifecycle != HostLifecycle.ENDED;
  }

  @Override
  public synchronized HostLifecycle lifecycle() {
    return lifecycle;
  }

  @Override
  public HostFolder folder() {
    var path = Path.of(name);
    return new HostFolder(path, path, path, path, false);
  }

  @Override
  public Transport transport() {
    return new Transport.TCPUnix(Path.of(name));
  }

  @Override
  public StartResult start(InstanceSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StartResult resume(String instance) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StartResult suspend(String instance) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized void stop(String instance) {
    stopped.add(instance);
    forget(instance);
  }

  @Override
  public CompletableFuture<Void> quiet() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void cancel(String invocation) {}

  @Override
  public CompletableFuture<Boolean> answers() {
    return CompletableFuture.completedFuture(isAlive());
  }

  @Override
  public Optional<HostState> state() {
    return Optional.of(state);
  }

  @Override
  public synchronized void reserve(String instance) {
    instances.add(instance);
    hadInstances++;
    become(HostLifecycle.SERVING);
  }

  @Override
  public synchronized void forget(String instance) {
    instances.remove(instance);
  }

  @Override
  public synchronized int instances() {
    return instances.size();
  }

  @Override
  public synchronized int hadInstances() {
    return hadInstances;
  }

  @Override
  public Duration idle() {
    return idle;
  }

  @Override
  public Duration age() {
    return age;
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
  public synchronized void leave() {
    become(HostLifecycle.LEAVING);
  }

  @Override
  public void retire() {
    end(HostLifecycle.ENDING);
  }

  private void end(HostLifecycle last) {
    List<Runnable> actions;
    synchronized (this) {
      become(last);
      actions = List.copyOf(onEnding);
      onEnding.clear();
    }
    actions.forEach(Runnable::run);
  }

  private void become(HostLifecycle next) {
    lifecycle = lifecycle.mayBecome(next) ? next : lifecycle;
  }

  @Override
  public void kill() {
    ended.complete(true);
    end(HostLifecycle.ENDED);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended.thenRun(() -> {});
  }

  @Override
  public CompletableFuture<Boolean> endsWithin(Duration patience) {
    return CompletableFuture.completedFuture(!isAlive());
  }

  @Override
  public synchronized void onEnding(Runnable action) {
    onEnding.add(action);
  }

  @Override
  public void rest() {}

  @Override
  public Optional<ProcessHandle> inner() {
    return Optional.empty();
  }

  @Override
  public long memory() {
    return memory;
  }
}
