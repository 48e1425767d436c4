package dev.hearth.contracts.host;

import dev.hearth.contracts.RuntimeSettings;
import java.util.List;
import java.util.Optional;

/**
 * Body of {@code POST /instances}, which starts an instance.
 *
 * @param id the instance's id
 * @param function function name for {@code context.function_name} and logs
 * @param revision the revision's number
 * @param path folders for {@code sys.path}, in order
 * @param late folder that is searched for modules that are missing in {@code path}, or empty
 * @param temporary the only folder that the instance may write to
 * @param proxy the egress proxy as a value of {@code HTTPS_PROXY}; empty if the host process has a
 *     network
 * @param settings entry, convention, environment, timeout
 * @param limits resource limits; if absent, {@link InstanceLimits#DEFAULT}
 */
public record InstanceSpec(
    String id,
    String function,
    int revision,
    List<String> path,
    String late,
    String temporary,
    String proxy,
    RuntimeSettings settings,
    Optional<InstanceLimits> limits) {

  public InstanceSpec {
    path = List.copyOf(path);
  }

  /** Creates a specification with default limits. */
  public InstanceSpec(
      String id,
      String function,
      int revision,
      List<String> path,
      String late,
      String temporary,
      String proxy,
      RuntimeSettings settings) {
    this(id, function, revision, path, late, temporary, proxy, settings, Optional.empty());
  }

  /** Returns the same specification with other limits. */
  public InstanceSpec withLimits(InstanceLimits other) {
    return new InstanceSpec(
        id, function, revision, path, late, temporary, proxy, settings, Optional.of(other));
  }
}
