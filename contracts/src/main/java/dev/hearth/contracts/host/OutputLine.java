package dev.hearth.contracts.host;

import java.time.Instant;
import java.util.Set;

/**
 * One line that an instance printed, as the host process writes it to its own standard output: one
 * JSON object a line.
 *
 * @param at when it was printed
 * @param instance the instance's id
 * @param stream {@code stdout}, {@code stderr}, or {@link #LATE}, whose texts are names of modules
 * @param level of a record of {@code logging}, in lower case, or empty
 * @param invocation id of the call that printed it, or empty
 * @param text without its end
 */
public record OutputLine(
    Instant at, String instance, String stream, String level, String invocation, String text) {

  /** The stream of modules that were left out and are needed. */
  public static final String LATE = "late";

  /** All streams. */
  public static final Set<String> STREAMS = Set.of("stdout", "stderr", LATE);
}
