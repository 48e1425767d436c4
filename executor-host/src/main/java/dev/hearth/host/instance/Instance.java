package dev.hearth.host.instance;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceLimits;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.host.call.Call;
import dev.hearth.host.call.Exchange;
import dev.hearth.host.call.Exchange.News;
import dev.hearth.host.call.Exchanges;
import dev.hearth.host.call.Inbox;
import dev.hearth.host.interpreter.Interpreter;
import dev.hearth.host.interpreter.Interpreters;
import dev.hearth.host.interpreter.StartFailedException;
import dev.hearth.host.isolation.InstanceFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An interpreter that serves one revision. Its one thread begins calls in the order in which they
 * arrive; calls that wait overlap.
 */
public final class Instance implements Limited {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Interpreter interpreter;
  private final Inbox inbox;
  private final Exchanges exchanges;
  private final Duration timeout;
  private final OnDisconnect onDisconnect;
  private final Value entry;
  private final Value pump;
  private final InstanceStarted started;
  private final AtomicBoolean isPumping = new AtomicBoolean();
  private final Lifecycle lifecycle = new Lifecycle();
  private volatile Runnable onFailure = () -> {};

  private Instance(
      Interpreter interpreter,
      Inbox inbox,
      Exchanges exchanges,
      RuntimeSettings settings,
      Value entry,
      InstanceStarted started) {
    this.interpreter = interpreter;
    this.inbox = inbox;
    this.exchanges = exchanges;
    this.timeout = settings.timeout();
    this.onDisconnect = settings.onDisconnect().orElse(OnDisconnect.FINISH);
    this.entry = entry;
    this.pump = entry.getMember("pump");
    this.started = started;
  }

  /**
   * Imports the user's code and probes it.
   *
   * @throws StartFailedException if the code raises (with Python's traceback) or takes longer than
   *     the limit
   */
  static Instance start(Interpreter interpreter, boolean stem, InstanceSpec spec, Duration limit)
      throws StartFailedException, InterruptedException {
    InstanceFolders folders;
    try {
      folders = InstanceFolders.make(spec);
    } catch (IOException | UncheckedIOException full) {
      throw new StartFailedException("The folders of the instance cannot be made: " + full, "");
    }
    interpreter.claim(spec.id(), folders, spec.limits().orElse(InstanceLimits.DEFAULT));
    return interpreter.runWithin(
        limit,
        "importing " + spec.settings().entry(),
        () -> importAndProbe(interpreter, folders, stem, spec));
  }

  /** Runs the code's hooks before a snapshot; no call may run. */
  void suspend(Duration limit) throws StartFailedException, InterruptedException {
    pause();
    hooks("suspend", limit);
    inbox.close();
    lifecycle.become(InstanceState.SUSPENDED);
  }

  /** Runs the code's hooks after a restore, in one of many instances of the same snapshot. */
  InstanceStarted resume(Duration limit) throws StartFailedException, InterruptedException {
    var begun = System.nanoTime();
    hooks("resume", limit);
    lifecycle.become(InstanceState.SERVING);
    wake();
    var took = (System.nanoTime() - begun) / 1e6;
    return new InstanceStarted(started.convention(), "restored", took, 0, started.lateModules());
  }

  /** Lets the code go on: it may have tasks and timers, which nobody's call waits for. */
  void wake() {
    inbox.add(Optional::empty);
    pumpIfIdle();
  }

  /** Makes the interpreter's thread free for other work. */
  private void pause() {
    inbox.add(() -> Optional.of("pause\n0"));
    pumpIfIdle();
  }

  private void hooks(String name, Duration limit)
      throws StartFailedException, InterruptedException {
    interpreter.runWithin(
        limit,
        name,
        () -> {
          entry.invokeMember(name);
          return name;
        });
  }

  private static Instance importAndProbe(
      Interpreter interpreter, InstanceFolders folders, boolean stem, InstanceSpec spec) {
    var begun = System.nanoTime();
    var inbox = new Inbox();
    var exchanges = new Exchanges();
    // The instance exists only once its code has been imported.
    var made = new AtomicReference<@Nullable Instance>();
    var bridge =
        exchanges.bridge(
            inbox,
            interpreter::print,
            () -> Optional.ofNullable(made.get()).ifPresent(Instance::wake));
    var entry = interpreter.start(JSON.writeValueAsString(specification(spec, folders)), bridge);
    var imported = System.nanoTime();
    entry.invokeMember("probe");
    var probed = System.nanoTime();
    var convention =
        Convention.valueOf(entry.getMember("convention").asString().toUpperCase(Locale.ROOT));
    var instance =
        new Instance(
            interpreter,
            inbox,
            exchanges,
            spec.settings(),
            entry,
            new InstanceStarted(
                convention,
                stem ? "prepared" : "cold",
                (imported - begun) / 1e6,
                (probed - imported) / 1e6,
                late(entry)));
    made.set(instance);
    return instance;
  }

  private static List<String> late(Value entry) {
    var late = entry.invokeMember("late");
    return LongStream.range(0, late.getArraySize())
        .mapToObj(index -> late.getArrayElement(index).asString())
        .toList();
  }

  private static Map<String, Object> specification(InstanceSpec spec, InstanceFolders folders) {
    var settings = spec.settings();
    var fields = new HashMap<String, Object>();
    fields.put("entry", settings.entry());
    fields.put("convention", settings.convention());
    fields.put("path", folders.path().stream().map(Path::toString).toList());
    fields.put("late", spec.late());
    fields.put("environment", settings.environment());
    fields.put("function", spec.function());
    fields.put("revision", spec.revision());
    fields.put(
        "memory",
        settings
            .scaling()
            .flatMap(Scaling::memoryMiB)
            .map(Integer::longValue)
            .orElse(Runtime.getRuntime().maxMemory() >> 20));
    fields.put("timeout", settings.timeout().toMillis() / 1e3);
    fields.put("temporary", spec.temporary());
    fields.put("proxy", spec.proxy());
    var limits = spec.limits().orElse(InstanceLimits.DEFAULT);
    fields.put("threads", limits.threads());
    fields.put("descriptors", limits.descriptors());
    fields.put("certificates", Interpreters.certificates().map(Path::toString).orElse(""));
    return fields;
  }

  public InstanceStarted started() {
    return started;
  }

  @Override
  public Duration timeout() {
    return timeout;
  }

  /** Sets what runs, once, if the interpreter ends by itself. */
  void onFailure(Runnable action) {
    onFailure = action;
  }

  /**
   * Queues a call for the instance; returns at once.
   *
   * @param onBegin runs when the code begins, which is after the code of earlier calls
   */
  public void begin(Exchange exchange, Call call, Runnable onBegin) {
    exchanges.add(exchange);
    if (!lifecycle.isAlive()) {
      exchanges.endAll(HostProtocol.INSTANCE_ENDING, "The instance has ended.");
      return;
    }
    exchange.listen(new CallListener(exchange, call));
    inbox.add(() -> {
      if (exchange.isOver()) {
        exchanges.remove(exchange);
        exchange.end();
        return Optional.empty();
      }
      exchange.taken();
      onBegin.run();
      return Optional.of(call.item(exchange.id(), Instant.now().plus(timeout)));
    });
    pumpIfIdle();
  }

  /** Passes what happens to a call on to the interpreter. */
  private final class CallListener implements Exchange.Listener {
    private final Exchange exchange;
    private final Call call;

    CallListener(Exchange exchange, Call call) {
      this.exchange = exchange;
      this.call = call;
    }

    @Override
    public void tell(News news) {
      switch (news) {
        case PROGRESS -> post("progress", exchange);
        case LEFT -> {
          if (onDisconnect == OnDisconnect.CANCEL) {
            exchange.gone();
          } else {
            post("left", exchange);
          }
        }
        case PONG -> {
          inbox.add(() -> {
            exchange.socket().alive();
            return Optional.empty();
          });
          pumpIfIdle();
        }
        case CANCEL -> {
          // Interrupt before the cancel is queued: code that waits on the loop must not get both.
          interpreter.interrupt(call.invocation(), false);
          post("cancel", exchange);
        }
      }
    }

    @Override
    public void log(String line) {
      interpreter.print("stderr", "error", call.invocation(), "hearth: " + line);
    }
  }

  @Override
  public void leave(Exchange exchange) {
    exchanges.remove(exchange);
  }

  @Override
  public void cancel(Exchange exchange, String invocation) {
    interpreter.interrupt(invocation, true);
    post("cancel", exchange);
  }

  private void post(String kind, Exchange exchange) {
    inbox.add(() -> Optional.of(kind + "\n" + exchange.id()));
    pumpIfIdle();
  }

  private void pumpIfIdle() {
    if (!inbox.isEmpty() && isPumping.compareAndSet(false, true)) {
      try {
        var _ = interpreter.run(this::pump);
      } catch (RejectedExecutionException _) {
        failed("it was stopped");
      }
    }
  }

  private @Nullable Void pump() {
    try {
      pump.executeVoid();
    } catch (RuntimeException | Error ended) {
      // Around user code: its interpreter may end in any way.
      failed(String.valueOf(ended.getMessage()));
      return null;
    }
    isPumping.set(false);
    pumpIfIdle();
    return null;
  }

  private void failed(String reason) {
    if (lifecycle.become(
        InstanceState.FAILED, "The interpreter ended during the call: " + reason)) {
      onFailure.run();
    }
  }

  /**
   * Ends the calls, runs what the code left for its end, and closes the instance.
   *
   * @param limit longest time for the code
   * @return as for {@link #close}
   */
  boolean end(Duration limit, Duration patience) {
    var reason = "The instance has ended.";
    if (lifecycle.become(InstanceState.ENDED, reason)) {
      exchanges.cancelAll(reason);
      pause();
      try {
        hooks("end", limit);
      } catch (StartFailedException failed) {
        interpreter.print(
            "stderr",
            "warning",
            "",
            "hearth: the instance ended before its code had finished: " + failed.getMessage());
      } catch (RejectedExecutionException _) {
        // The interpreter ended by itself.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    return close(patience);
  }

  /**
   * Ends the instance and its calls at once.
   *
   * @return true if it stopped in time and enough heap is free again; else the host must end
   */
  boolean close(Duration patience) {
    lifecycle.become(InstanceState.ENDED, "Another call of the function ended the interpreter.");
    var ended = interpreter.close(patience) && OwnState.isRoomy();
    inbox.close();
    exchanges.endAll(
        ended ? HostProtocol.INSTANCE_ENDING : HostProtocol.HOST_ENDING, lifecycle.reason());
    return ended;
  }
}
