package dev.hearth.build.queue;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RuntimeSettings;

/**
 * The result of a build, reused by later builds with the same content.
 *
 * @param settings the project's settings, without those of the deployment
 * @param isLocked true if the source contains a lock, so that a rebuild gives the same artifact
 */
record BuildOutcome(
    Digest artifact,
    long artifactBytes,
    long unpackedBytes,
    Digest report,
    RuntimeSettings settings,
    boolean isLocked) {}
