package dev.hearth.host.interpreter;

import com.oracle.truffle.api.ThreadLocalAction;
import com.oracle.truffle.api.TruffleContext;
import com.oracle.truffle.api.instrumentation.ThreadsListener;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;
import com.oracle.truffle.api.source.Source;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Engine;

/**
 * Raises an exception in running Python code, as Ctrl-C does, so that the code cleans up and its
 * interpreter stays usable. Inside a Java or native function, the exception waits for the return.
 */
public final class Interrupter implements ThreadsListener {

  private static final String ID = "hearth-interrupter";

  private final TruffleInstrument.Env environment;
  private final Map<Thread, TruffleContext> contexts = new ConcurrentHashMap<>();

  private Interrupter(TruffleInstrument.Env environment) {
    this.environment = environment;
  }

  /** Returns the interrupter of an engine. */
  static Interrupter of(Engine engine) {
    return Optional.ofNullable(engine.getInstruments().get(ID))
        .orElseThrow(
            () -> new IllegalStateException("the instrument " + ID + " is not on the class path"))
        .lookup(Interrupter.class);
  }

  @Override
  public void onThreadInitialized(TruffleContext context, Thread thread) {
    contexts.put(thread, context);
  }

  @Override
  public void onThreadDisposed(TruffleContext context, Thread thread) {
    contexts.remove(thread, context);
  }

  /**
   * Interrupts the code of one call and nothing else (see {@code workers._host.interrupt}).
   *
   * @param thread the interpreter's thread, which stands for all threads of its context
   * @param late true if the call reached its limit, false if its client has left
   */
  void interrupt(Thread thread, String invocation, boolean late) {
    var context = contexts.get(thread);
    if (context == null) {
      return;
    }
    var text =
        "import workers._host; workers._host.interrupt('%s', %s)"
            .formatted(invocation.replaceAll("[^\\w-]", ""), late ? "True" : "False");
    var source = Source.newBuilder("python", text, "interrupt").internal(true).build();
    var _ =
        environment.submitThreadLocal(
            context,
            null,
            new ThreadLocalAction(true, false) {
              @Override
              protected void perform(Access access) {
                try {
                  environment.parse(source).call();
                } catch (IOException impossible) {
                  throw new IllegalStateException(impossible);
                }
              }
            });
  }

  /** Creates the interrupter for an engine. */
  public static final class Instrument extends TruffleInstrument {
    @Override
    protected void onCreate(Env environment) {
      var interrupter = new Interrupter(environment);
      environment.getInstrumenter().attachThreadsListener(interrupter, true);
      environment.registerService(interrupter);
    }
  }

  /** Registers the instrument ({@code META-INF/services}). */
  @TruffleInstrument.Registration(id = ID, name = "Interrupter", services = Interrupter.class)
  public static final class Provider extends TruffleInstrumentProvider {
    @Override
    protected String getInstrumentClassName() {
      return Instrument.class.getName();
    }

    @Override
    protected Object create() {
      return new Instrument();
    }

    @Override
    protected Collection<String> getServicesClassNames() {
      return List.of(Interrupter.class.getName());
    }
  }
}
