package dev.hearth.build.assembly;

import dev.hearth.build.report.BuildReport;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.artifact.FunctionConfig;
import dev.hearth.contracts.artifact.Manifest;

/**
 * An artifact whose bytes are all stored.
 *
 * @param digest digest of the manifest, which is the artifact's
 * @param report digest of the report, which is stored beside the artifact
 * @param isLocked true if the source pins its dependencies, so that another build makes the same
 *     artifact
 * @param bytes size of the manifest and everything that it names
 */
public record Assembled(
    Digest digest,
    Manifest manifest,
    FunctionConfig config,
    BuildReport report,
    Digest reportDigest,
    boolean isLocked,
    long bytes,
    long unpackedBytes,
    Timings timings) {}
