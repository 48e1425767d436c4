package dev.hearth.contracts;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How instances of a revision are run. The build makes it from the project; it reaches the node
 * unchanged.
 *
 * @param entry {@code module:attribute}
 * @param convention how the entry is called; {@link Convention#AUTO} leaves it to the instance
 * @param environment what {@code os.environ} and {@code self.env} show; the values may be secret
 * @param timeout the limit of one call
 * @param concurrency how many calls an instance takes at a time; without it the convention's
 * @param nativeModules true if the artifact holds native extension modules
 * @param scaling how many instances there are; without it {@link Scaling#DEFAULT}
 * @param egress the only hosts that may be reached, {@code *.example.org} for all names below one;
 *     without it every outside one
 */
public record RuntimeSettings(
    String entry,
    Convention convention,
    Map<String, String> environment,
    Duration timeout,
    Optional<Integer> concurrency,
    boolean nativeModules,
    Optional<Scaling> scaling,
    Optional<List<String>> egress) {

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public RuntimeSettings {
    environment = Map.copyOf(environment);
    egress = egress.map(List::copyOf);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive but is " + timeout);
    }
  }

  /**
   * Throws if a name or value cannot be that of an environment variable.
   *
   * @param where the variable is from, for the message
   */
  public static void requireVariable(ErrorCode code, String where, String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new HearthException(
          code, "%s: \"%s\" is no name of a variable.".formatted(where, name.replace('\0', '?')));
    }
    if (value.indexOf('\0') >= 0) {
      throw new HearthException(
          code, "%s: %s holds a character that no variable can (U+0000).".formatted(where, name));
    }
  }

  /** Returns these settings with further variables, which replace those of the same name. */
  public RuntimeSettings withEnvironment(Map<String, String> more) {
    var merged = new HashMap<>(environment);
    merged.putAll(more);
    return new RuntimeSettings(
        entry, convention, merged, timeout, concurrency, nativeModules, scaling, egress);
  }

  /** Leaves out the environment's values. */
  @Override
  public String toString() {
    return "RuntimeSettings[entry=%s, convention=%s, environment=%s, timeout=%s, nativeModules=%s]"
        .formatted(entry, convention, environment.keySet(), timeout, nativeModules);
  }
}
