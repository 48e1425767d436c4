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
 * @param interpreter the interpreter that its layers were chosen for
 * @param entry {@code module:attribute}
 * @param convention how the entry is called
 * @param environment {@code [tool.hearth.env]}
 * @param timeoutMillis the limit of a call, in milliseconds
 * @param concurrency how many calls an instance takes at a time; without it the convention's
 * @param scaling how many instances there are
 * @param egress the only hosts that may be reached; without it every outside one
 * @param nativeModules true if a layer that is reached holds native modules
 * @param leftOut modules of reached layers that no import leads to: paths below {@code packages/}
 * @param unreached layers that no import leads to; empty in artifacts of earlier versions
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
