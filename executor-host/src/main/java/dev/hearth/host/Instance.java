package dev.hearth.host;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import tools.jackson.databind.json.JsonMapper;

/**
 * An interpreter that serves one revision. Calls run one after the other on the interpreter's
 * thread.
 */
final class Instance {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Interpreter interpreter;
  private final Duration timeout;
  private final Value call;
  private final Value event;
  private final Value finish;
  private final InstanceStarted started;

  /** What user code did instead of starting. */
  static final class StartFailedException extends Exception {
    private final String traceback;

    StartFailedException(String message, String traceback) {
      super(message);
      this.traceback = traceback;
    }

    String traceback() {
      return traceback;
    }
  }

  private Instance(
      Interpreter interpreter, RuntimeSettings settings, Value entry, InstanceStarted started) {
    this.interpreter = interpreter;
    this.timeout = settings.timeout();
    this.call = entry.getMember("call");
    this.event = entry.getMember("event");
    this.finish = entry.getMember("finish");
    this.started = started;
  }

  /**
   * Imports the user's code and probes it.
   *
   * @throws StartFailedException with Python's traceback when that raises, or when it takes longer
   *     than allowed
   */
  static Instance start(Interpreter interpreter, boolean stem, InstanceSpec spec, Duration limit)
      throws StartFailedException, InterruptedException {
    InstanceFolders folders;
    try {
      folders = InstanceFolders.make(spec);
    } catch (IOException | UncheckedIOException full) {
      throw new StartFailedException("its folders could not be made: " + full, "");
    }
    interpreter.claim(spec.id(), folders);
    var starting =
        interpreter.run(() -> {
          try {
            return importAndProbe(interpreter, folders, stem, spec);
          } catch (PolyglotException raised) {
            var message = String.valueOf(raised.getMessage());
            throw new StartFailedException(message, interpreter.traceback(raised));
          }
        });
    try {
      return starting.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new StartFailedException(
          "importing " + spec.settings().entry() + " took longer than " + limit.toSeconds() + " s",
          "");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StartFailedException known) {
        throw known;
      }
      throw new StartFailedException(String.valueOf(failed.getCause()), "");
    }
  }

  private static Instance importAndProbe(
      Interpreter interpreter, InstanceFolders folders, boolean stem, InstanceSpec spec) {
    var begun = System.nanoTime();
    var entry = interpreter.start(JSON.writeValueAsString(specification(spec, folders)));
    var imported = System.nanoTime();
    entry.invokeMember("probe");
    var probed = System.nanoTime();
    var convention =
        Convention.valueOf(entry.getMember("convention").asString().toUpperCase(Locale.ROOT));
    return new Instance(
        interpreter,
        spec.settings(),
        entry,
        new InstanceStarted(
            convention,
            stem ? "prepared" : "cold",
            (imported - begun) / 1e6,
            (probed - imported) / 1e6,
            late(entry)));
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
    fields.put("timeout", settings.timeout().toMillis() / 1e3);
    fields.put("temporary", spec.temporary());
    fields.put("proxy", spec.proxy());
    fields.put("certificates", Interpreters.certificates().map(Path::toString).orElse(""));
    return fields;
  }

  InstanceStarted started() {
    return started;
  }

  /**
   * Has the instance answer.
   *
   * @throws TimeoutException when the revision's limit is reached; the instance must then be closed
   */
  Answer call(Call asked) throws TimeoutException, InterruptedException, InstanceGoneException {
    var deadline = Instant.now().plus(timeout);
    var running = interpreter.run(() -> answer(asked, deadline.toEpochMilli() / 1e3));
    try {
      return running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new InstanceGoneException(String.valueOf(failed.getCause()));
    }
  }

  private Answer answer(Call asked, double deadline) {
    var begun = System.nanoTime();
    var result =
        asked.isEvent()
            ? event.execute(asked.bodyAsUtf8(), asked.invocation(), deadline)
            : call.execute(
                asked.method(),
                asked.path(),
                asked.query(),
                asked.headers(),
                asked.bodyAsLatin1(),
                asked.rootPath(),
                asked.client(),
                asked.scheme(),
                asked.invocation(),
                deadline);
    var content = result.getArrayElement(2);
    var body = new byte[(int) content.getBufferSize()];
    content.readBuffer(0, body, 0, body.length);
    if (result.getArrayElement(3).asBoolean()) {
      interpreter.run(finish::execute);
    }
    return new Answer(
        result.getArrayElement(0).asInt(),
        result.getArrayElement(1).asString(),
        body,
        (System.nanoTime() - begun) / 1e6);
  }

  /** Ends the instance; whether that worked within the time. */
  boolean close(Duration patience) {
    return interpreter.close(patience);
  }

  /** The interpreter ended under the call: out of memory, or closed. */
  static final class InstanceGoneException extends Exception {
    InstanceGoneException(String message) {
      super(message);
    }
  }
}
