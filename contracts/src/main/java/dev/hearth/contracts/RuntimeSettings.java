package dev.hearth.contracts;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How an instance of a revision is run. Made by the build from the project, handed on unchanged to
 * the node.
 *
 * @param entry {@code module:attribute}
 * @param convention how the entry is called; {@link Convention#AUTO} leaves it to the instance
 * @param environment what {@code os.environ} and {@code self.env} show; the values may be secret
 * @param timeout the limit of one call
 * @param concurrency how many calls an instance takes at a time; without it the convention's
 * @param nativeModules whether the artifact holds native extension modules
 */
public record RuntimeSettings(
    String entry,
    Convention convention,
    Map<String, String> environment,
    Duration timeout,
    Optional<Integer> concurrency,
    boolean nativeModules) {

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public RuntimeSettings {
    environment = Map.copyOf(environment);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive but is " + timeout);
    }
  }

  /** Leaves out the environment's values. */
  @Override
  public String toString() {
    return "RuntimeSettings[entry=%s, convention=%s, environment=%s, timeout=%s, nativeModules=%s]"
        .formatted(entry, convention, environment.keySet(), timeout, nativeModules);
  }
}
