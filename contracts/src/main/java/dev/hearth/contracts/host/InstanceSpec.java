package dev.hearth.contracts.host;

import dev.hearth.contracts.RuntimeSettings;
import java.util.List;

/**
 * {@code POST /instances} of a host process: make an instance. Answered with 201 and {@link
 * InstanceStarted}, or with 422 and {@link InstanceFailure}.
 *
 * @param id the instance's id
 * @param function name and number as {@code context.function_name} and logs show them
 * @param revision the revision's number
 * @param path folders that go on {@code sys.path}, in order
 * @param late where modules are looked for that are nowhere else, or empty
 * @param temporary the only folder that the instance may write to
 * @param proxy the only way out, as {@code HTTPS_PROXY} takes it; empty where there is a network
 * @param settings entry, convention, environment, timeout
 */
public record InstanceSpec(
    String id,
    String function,
    int revision,
    List<String> path,
    String late,
    String temporary,
    String proxy,
    RuntimeSettings settings) {

  public InstanceSpec {
    path = List.copyOf(path);
  }
}
