package dev.hearth.contracts.artifact;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distribution that no import leads to, with what can be asked about it before its layer is
 * fetched.
 *
 * @param name normalized
 * @param version as its metadata writes it
 * @param modules the top-level names that it provides
 * @param entryPoints by group, each {@code name = module:attribute}, as it is written
 */
public record UnreachedDistribution(
    String name, String version, List<String> modules, Map<String, List<String>> entryPoints) {

  public UnreachedDistribution {
    modules = modules.stream().sorted().toList();
    entryPoints = Collections.unmodifiableSortedMap(new TreeMap<>(entryPoints));
  }
}
