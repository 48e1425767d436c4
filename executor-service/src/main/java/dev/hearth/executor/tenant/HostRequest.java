package dev.hearth.executor.tenant;

import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Sharing;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * The request of a host for one instance.
 *
 * @param heap size of a host of the instance's own, if it is to have one
 * @param instance name of the instance; its place in the host is reserved
 */
public record HostRequest(
    String tenant, Runtime runtime, Sharing sharing, Optional<DataSize> heap, String instance) {}
