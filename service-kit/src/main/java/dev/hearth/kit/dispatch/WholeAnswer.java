package dev.hearth.kit.dispatch;

import java.nio.ByteBuffer;

/**
 * An outcome with all that the function or its node answered.
 *
 * @param body empty when nobody answered
 */
public record WholeAnswer(Outcome outcome, ByteBuffer body) {}
