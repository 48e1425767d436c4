package dev.hearth.contracts.artifact;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.Scaling;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of an artifact from its project, without those of a deployment.
 *
 * @param interpreter interpreter that the layers were chosen for
 * @param entry {@code module:attribute}
 * @param convention calling convention of the entry
 * @param environment {@code [tool.hearth.env]}
 * @param timeoutMillis timeout of a call in milliseconds
 * @param concurrency largest number of concurrent calls in one instance; if absent, the
 *     convention's default
 * @param scaling number of instances
 * @param egress the only hosts that may be reached; if absent, all public hosts
 * @param onDisconnect what happens if a client leaves early; if absent, its code finishes
 * @param nativeModules true if a reached layer contains native modules
 * @param leftOut unreached modules of reached layers, as paths below {@code packages/}
 * @param unreached distributions that no import reaches; empty in artifacts of earlier versions
 */
public record FunctionConfig(
    String interpreter,
    String entry,
    Convention convention,
    Map<String, String> environment,
    long timeoutMillis,
    Optional<Integer> concurrency,
    Scaling scaling,
    Optional<List<String>> egress,
    Optional<OnDisconnect> onDisconnect,
    boolean nativeModules,
    List<String> leftOut,
    @Nullable List<UnreachedDistribution> unreached) {

  public FunctionConfig {
    environment = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    leftOut = leftOut.stream().sorted().toList();
    unreached =
        unreached == null
            ? List.of()
            : unreached.stream().sorted(Comparator.comparing(UnreachedDistribution::name)).toList();
  }

  @Override
  public List<UnreachedDistribution> unreached() {
    return unreached == null ? List.of() : unreached;
  }
}
