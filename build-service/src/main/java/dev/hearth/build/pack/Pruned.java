package dev.hearth.build.pack;

import java.io.IOException;

/**
 * The files that one rule left out.
 *
 * @param rule the rule's name in {@code pruning/rules.toml}; {@code project} for the project's own
 *     {@code drop}
 * @param compressedBytes total size of the files, each deflated
 */
public record Pruned(String rule, int files, long bytes, long compressedBytes) {

  /** Returns the total of one file. */
  public static Pruned of(String rule, Content file) throws IOException {
    return new Pruned(rule, 1, file.size(), file.deflated());
  }

  /** Returns the sum of two totals of the same rule. */
  Pruned plus(Pruned other) {
    return new Pruned(
        rule, files + other.files, bytes + other.bytes, compressedBytes + other.compressedBytes);
  }
}
