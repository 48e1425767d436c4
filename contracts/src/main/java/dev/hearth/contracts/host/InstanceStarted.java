package dev.hearth.contracts.host;

import dev.hearth.contracts.Convention;
import java.util.List;

/**
 * Answer to a successful start: the instance has imported its entry and answered its probe.
 *
 * @param convention calling convention of the instance
 * @param start {@code prepared} from a stem, {@code restored} from a snapshot, else {@code cold}
 * @param importMilliseconds duration of the user's imports
 * @param probeMilliseconds duration of the probe
 * @param lateModules imported modules that no import reaches according to the build
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
