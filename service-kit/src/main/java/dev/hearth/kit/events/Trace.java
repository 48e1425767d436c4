package dev.hearth.kit.events;

import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * The trace of the current thread: the W3C {@code traceparent} of the request or event that it
 * handles. Events that the thread publishes carry it, and log lines may show it.
 */
public final class Trace {

  private static final String TRACEPARENT = "traceparent";

  /** Syntax of a {@code traceparent}: version, trace id, parent id, flags. */
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private Trace() {}

  /** Returns true if a text is a {@code traceparent}. */
  public static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  /** Returns the current trace, if there is one. */
  static Optional<String> current() {
    return Optional.ofNullable(MDC.get(TRACEPARENT));
  }

  /** Sets or clears the current trace. Callers that set it must clear it again. */
  public static void enter(Optional<String> trace) {
    trace.ifPresentOrElse(value -> MDC.put(TRACEPARENT, value), () -> MDC.remove(TRACEPARENT));
  }
}
