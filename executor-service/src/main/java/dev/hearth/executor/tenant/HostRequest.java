package dev.hearth.executor.tenant;

import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Sharing;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * A request for a host for one instance.
 *
 * @param heap heap of the instance's own host, if the function sets one
 * @param instance name of the instance, for which a place in the host is reserved
 */
public record HostRequest(
    String tenant, Runtime runtime, Sharing sharing, Optional<DataSize> heap, String instance) {}
