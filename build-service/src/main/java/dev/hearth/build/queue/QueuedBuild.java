package dev.hearth.build.queue;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import java.util.Map;
import java.util.Optional;

/**
 * A build that a worker holds.
 *
 * @param attempt number of the attempt, counted from 1; identifies the lease
 */
record QueuedBuild(
    RevisionRef revision,
    Digest source,
    Optional<String> entry,
    Map<String, String> environment,
    int attempt) {}
