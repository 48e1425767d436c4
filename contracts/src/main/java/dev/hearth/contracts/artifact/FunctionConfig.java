package dev.hearth.contracts.artifact;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Scaling;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an artifact is run, as its project says; what a deployment adds is not part of it.
 *
 * @param interpreter the interpreter its layers were chosen for
 * @param entry {@code module:attribute}
 * @param environment {@code [tool.hearth.env]}
 * @param timeoutMillis the limit of a call
 * @param concurrency how many calls an instance takes at a time, unless the convention says
 * @param scaling how many instances there are
 * @param egress the only hosts that may be reached, where not all may
 * @param nativeModules whether a layer that is reached holds native modules
 * @param leftOut modules of reached layers that no import leads to: paths below {@code packages/}
 * @param unreached layers that no import leads to at all; empty in artifacts of before
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
