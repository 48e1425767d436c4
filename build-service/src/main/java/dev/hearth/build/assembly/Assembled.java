package dev.hearth.build.assembly;

import dev.hearth.build.report.BuildReport;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.artifact.FunctionConfig;
import dev.hearth.contracts.artifact.Manifest;

/**
 * An artifact that is completely stored.
 *
 * @param digest digest of the artifact's manifest
 * @param report digest of the report, which is stored beside the artifact
 * @param isLocked true if the source contains a lock, so that a rebuild gives the same artifact
 * @param bytes total size of the manifest and of everything that it names
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
