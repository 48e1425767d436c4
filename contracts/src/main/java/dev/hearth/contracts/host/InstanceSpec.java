package dev.hearth.contracts.host;

import dev.hearth.contracts.RuntimeSettings;
import java.util.List;
import java.util.Optional;

/**
 * Body of {@code POST /instances}: start an instance. Answered with 201 and {@link
 * InstanceStarted}, or with 422 and {@link InstanceFailure}.
 *
 * @param id the instance's id
 * @param function name and number as {@code context.function_name} and logs show them
 * @param revision the revision's number
 * @param path folders that go on {@code sys.path}, in order
 * @param late folder searched for modules that {@code path} does not hold, or empty
 * @param temporary the only folder that the instance may write to
 * @param proxy the only way out, as {@code HTTPS_PROXY} takes it; empty where there is a network
 * @param settings entry, convention, environment, timeout
 * @param limits what it may use of its host; without them {@link InstanceLimits#DEFAULT}
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

  /** Specifies an instance with the limits that are usual. */
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
