package dev.hearth.build.queue;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RuntimeSettings;

/**
 * What a build came to, for another one of the same content.
 *
 * @param settings as the project says, without what the deployment added
 * @param isLocked whether the source brings a lock, so that another build would come to the same
 */
record BuildOutcome(
    Digest artifact,
    long artifactBytes,
    long unpackedBytes,
    Digest report,
    RuntimeSettings settings,
    boolean isLocked) {}
