package dev.hearth.testkit;

import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.OutputLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A host without a process or Python: an HTTP server on a UNIX socket that speaks {@link
 * dev.hearth.contracts.host.HostProtocol} as the test scripts it. By default it starts every
 * instance and answers every call with {@code ok}.
 */
public final class FakeHost implements AutoCloseable {

  private final Path socket;
  private final Server server;
  final FakeRequests requests = new FakeRequests();
  final Set<String> instances = ConcurrentHashMap.newKeySet();
  final List<InstanceSpec> started = new CopyOnWriteArrayList<>();
  final List<String> stopped = new CopyOnWriteArrayList<>();
  final List<FakeCall> calls = new CopyOnWriteArrayList<>();
  volatile Function<InstanceSpec, StartAnswer> onStart = _ -> new StartAnswer.Started();
  volatile Function<String, StartAnswer> onChange = _ -> new StartAnswer.Started();
  volatile Function<FakeCall, CallAnswer> onCall = _ -> new CallAnswer.Answered("ok");
  volatile HostState state = new HostState(0.1, 10, 0.1);
  volatile boolean isSilent;
  private volatile Consumer<OutputLine> output = _ -> {};

  private FakeHost(Path socket, Server server) {
    this.socket = socket;
    this.server = server;
  }

  /** Starts a host on a socket in a new temporary folder. */
  public static FakeHost start() {
    try {
      return start(Files.createTempDirectory("fake-host").resolve("socket"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Starts a host on a socket. */
  public static FakeHost start(Path socket) {
    var server = new Server(new QueuedThreadPool(8));
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    var connector =
        new UnixDomainServerConnector(
            server, null, null, null, 0, 1, new HttpConnectionFactory(configuration));
    connector.setUnixDomainPath(socket);
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    var host = new FakeHost(socket, server);
    server.setHandler(new FakeHostHandler(host));
    try {
      server.start();
    } catch (Exception failed) {
      // Jetty's start declares Exception.
      throw new IllegalStateException("the fake host does not listen at " + socket, failed);
    }
    return host;
  }

  /** Returns the path of the UNIX socket. */
  public Path socket() {
    return socket;
  }

  /** Scripts the answers to starts. */
  public FakeHost onStart(Function<InstanceSpec, StartAnswer> answer) {
    onStart = answer;
    return this;
  }

  /** Scripts the answers to {@code suspend} and {@code resume}, by {@code ID/WHAT}. */
  public FakeHost onChange(Function<String, StartAnswer> answer) {
    onChange = answer;
    return this;
  }

  /** Scripts the answers to calls. */
  public FakeHost onCall(Function<FakeCall, CallAnswer> answer) {
    onCall = answer;
    return this;
  }

  /** Sets what {@code GET /state} answers. */
  public FakeHost state(HostState now) {
    state = now;
    return this;
  }

  /** Stops answering pings, like a host that is out of memory. */
  public FakeHost fallSilent() {
    isSilent = true;
    return this;
  }

  /** Passes the lines that instances print to a consumer. */
  public FakeHost output(Consumer<OutputLine> consumer) {
    output = consumer;
    return this;
  }

  /** Prints a line as one of the instances. */
  public void print(OutputLine line) {
    output.accept(line);
  }

  /** Returns the ids of the instances that this host holds. */
  public Set<String> instances() {
    return Set.copyOf(instances);
  }

  /** Returns the requested starts, oldest first. */
  public List<InstanceSpec> started() {
    return List.copyOf(started);
  }

  /** Returns the ids of the instances that were ended, oldest first. */
  public List<String> stopped() {
    return List.copyOf(stopped);
  }

  /** Returns the calls that arrived, oldest first, pings not included. */
  public List<FakeCall> calls() {
    return List.copyOf(calls);
  }

  /** Returns the invocations that the node cancelled. */
  public List<String> cancelled() {
    return requests.cancelled();
  }

  /** Returns the number of calls left without an answer. */
  public int hanging() {
    return requests.hanging();
  }

  /** Ends the host: open connections break, as when the process is killed. */
  @Override
  public void close() {
    requests.breakAll();
    try {
      server.stop();
      Files.deleteIfExists(socket);
    } catch (Exception failed) {
      // Jetty's stop declares Exception.
      throw new IllegalStateException("the fake host did not stop", failed);
    }
  }
}
