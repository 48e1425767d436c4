package dev.hearth.kit.events;

import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * The trace that the current thread works for: the W3C {@code traceparent} of the request or event
 * that it handles. Events that it publishes carry it on, and log lines may name it.
 */
public final class Trace {

  private static final String TRACEPARENT = "traceparent";

  /** Version, trace id, parent id, flags. */
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

  /** Makes a trace the current one, or none; whoever enters one leaves it again. */
  public static void enter(Optional<String> trace) {
    trace.ifPresentOrElse(value -> MDC.put(TRACEPARENT, value), () -> MDC.remove(TRACEPARENT));
  }
}
