package dev.hearth.build.assembly;

import dev.hearth.build.report.BuildReport;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.artifact.FunctionConfig;
import dev.hearth.contracts.artifact.Manifest;

/**
 * An artifact whose bytes are all stored.
 *
 * @param digest the manifest's, and so the artifact's
 * @param report the report's own digest; it is stored beside the artifact
 * @param isLocked whether the source pins its dependencies, so that another build comes to the same
 * @param bytes everything that the manifest names, and itself
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
