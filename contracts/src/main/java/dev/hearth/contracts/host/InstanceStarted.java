package dev.hearth.contracts.host;

import dev.hearth.contracts.Convention;
import java.util.List;

/**
 * Answer of a start: the instance has imported its entry and answered its probe.
 *
 * @param convention how the instance is called
 * @param start {@code prepared} when a stem interpreter was there, else {@code cold}, or {@code
 *     restored} from a snapshot
 * @param importMilliseconds the user's imports
 * @param probeMilliseconds the probe
 * @param lateModules modules that were needed though the build judged that no import leads to them
 */
public record InstanceStarted(
    Convention convention,
    String start,
    double importMilliseconds,
    double probeMilliseconds,
    List<String> lateModules) {

  public InstanceStarted {
    lateModules = List.copyOf(lateModules);
  }
}
