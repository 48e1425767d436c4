package dev.hearth.contracts.host;

import java.time.Instant;
import java.util.Set;

/**
 * One line that an instance printed, or one record that it logged. The host process writes it as
 * one line of JSON to its own standard output.
 *
 * @param at when the line was printed
 * @param instance the instance's id
 * @param stream {@code stdout}, {@code stderr} or {@link #LATE}
 * @param level level of a {@code logging} record, in lower case, or empty
 * @param invocation id of the call that printed it, or empty
 * @param text the line without its line break, or the record, which may have several lines
 */
public record OutputLine(
    Instant at, String instance, String stream, String level, String invocation, String text) {

  /** Stream of the names of modules that were imported late, because the build left them out. */
  public static final String LATE = "late";

  /** Names of all streams. */
  public static final Set<String> STREAMS = Set.of("stdout", "stderr", LATE);
}
