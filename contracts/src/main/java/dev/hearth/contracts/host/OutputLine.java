package dev.hearth.contracts.host;

import java.time.Instant;

/**
 * One line that an instance printed, as the host process writes it to its own standard output: one
 * JSON object a line.
 *
 * @param instance the instance's id
 * @param stream {@code stdout} or {@code stderr}
 * @param level of a record of {@code logging}, lower-case, or empty
 * @param invocation the call that printed it, or empty
 */
public record OutputLine(
    Instant at, String instance, String stream, String level, String invocation, String text) {}
