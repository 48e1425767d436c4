package dev.hearth.executor.start;

import dev.hearth.executor.artifact.ArtifactCache;
import dev.hearth.executor.artifact.BytecodeCache;
import dev.hearth.executor.output.FunctionOutput;
import dev.hearth.executor.runtime.Runtimes;
import dev.hearth.executor.sandbox.NodeEgress;
import dev.hearth.executor.snapshot.RevisionSnapshots;
import dev.hearth.executor.stem.BootGate;
import dev.hearth.executor.stem.StemPools;
import dev.hearth.executor.tenant.TenantHosts;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Parts of the node that every start of an instance uses. */
@Component
public record StartTools(
    Runtimes runtimes,
    ArtifactCache artifacts,
    BytecodeCache bytecode,
    StemPools stems,
    BootGate gate,
    TenantHosts hosts,
    StartLimiter limiter,
    RevisionSnapshots snapshots,
    NodeEgress egress,
    FunctionOutput output,
    StartSettings settings,
    InstantSource clock) {}
