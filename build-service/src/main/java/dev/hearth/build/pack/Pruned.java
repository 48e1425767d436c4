package dev.hearth.build.pack;

/**
 * What one rule left out.
 *
 * @param rule the rule's name in {@code pruning/rules.toml}; {@code project} for the project's own
 *     {@code drop}
 */
public record Pruned(String rule, int files, long bytes) {

  /** What the same rule left out here and there. */
  Pruned plus(Pruned other) {
    return new Pruned(rule, files + other.files, bytes + other.bytes);
  }
}
