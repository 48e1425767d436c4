package dev.hearth.kit.dispatch;

import java.nio.ByteBuffer;

/**
 * An outcome with the complete body of the answer.
 *
 * @param body empty if nobody answered
 */
public record WholeAnswer(Outcome outcome, ByteBuffer body) {}
