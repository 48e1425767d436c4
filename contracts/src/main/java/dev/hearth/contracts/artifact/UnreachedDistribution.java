package dev.hearth.contracts.artifact;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distribution that no import reaches, with the metadata that is available before its layer is
 * fetched.
 *
 * @param name normalized name
 * @param version version as the metadata has it
 * @param modules top-level names that it provides
 * @param entryPoints entry points by group, each an unparsed {@code name = module:attribute}
 */
public record UnreachedDistribution(
    String name, String version, List<String> modules, Map<String, List<String>> entryPoints) {

  public UnreachedDistribution {
    modules = modules.stream().sorted().toList();
    entryPoints = Collections.unmodifiableSortedMap(new TreeMap<>(entryPoints));
  }
}
