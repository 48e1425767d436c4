package dev.hearth.contracts;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of a revision's instances. The build creates them from the project, and they reach the
 * node unchanged.
 *
 * @param entry {@code module:attribute}
 * @param convention calling convention of the entry; {@link Convention#AUTO} leaves it to the
 *     instance
 * @param environment variables in {@code os.environ} and {@code self.env}; values may be secret
 * @param timeout the limit of one call
 * @param concurrency largest number of concurrent calls in one instance; if absent, the
 *     convention's default
 * @param nativeModules true if the artifact contains native extension modules
 * @param scaling number of instances; if absent, {@link Scaling#DEFAULT}
 * @param egress the only hosts that may be reached, {@code *.example.org} for all names below one;
 *     if absent, all public hosts
 * @param onDisconnect what happens if a client leaves early; if absent, {@link OnDisconnect#FINISH}
 */
public record RuntimeSettings(
    String entry,
    Convention convention,
    Map<String, String> environment,
    Duration timeout,
    Optional<Integer> concurrency,
    boolean nativeModules,
    Optional<Scaling> scaling,
    Optional<List<String>> egress,
    Optional<OnDisconnect> onDisconnect) {

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public RuntimeSettings {
    environment = Map.copyOf(environment);
    egress = egress.map(List::copyOf);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive, but is " + timeout);
    }
  }

  /**
   * Throws an exception if a name or value is invalid for an environment variable.
   *
   * @param where the variable was set, for the message
   */
  public static void requireVariable(ErrorCode code, String where, String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new HearthException(
          code,
          "%s: \"%s\" is not a valid name of a variable. It must have a character, and none may be = or U+0000."
              .formatted(where, name.replace('\0', '?')));
    }
    if (value.indexOf('\0') >= 0) {
      throw new HearthException(
          code, "%s: %s contains U+0000, which no variable can. Remove it.".formatted(where, name));
    }
  }

  /** Returns these settings with more variables, which replace variables of the same name. */
  public RuntimeSettings withEnvironment(Map<String, String> more) {
    var merged = new HashMap<>(environment);
    merged.putAll(more);
    return new RuntimeSettings(
        entry,
        convention,
        merged,
        timeout,
        concurrency,
        nativeModules,
        scaling,
        egress,
        onDisconnect);
  }

  /** Returns a text without the environment's values. */
  @Override
  public String toString() {
    return "RuntimeSettings[entry=%s, convention=%s, environment=%s, timeout=%s, nativeModules=%s]"
        .formatted(entry, convention, environment.keySet(), timeout, nativeModules);
  }
}
