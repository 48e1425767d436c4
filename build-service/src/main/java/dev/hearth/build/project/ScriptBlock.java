package dev.hearth.build.project;

import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The metadata block of a script
 * (https://packaging.python.org/en/latest/specifications/inline-script-metadata/).
 */
final class ScriptBlock {

  private static final String BEGIN = "# /// script";
  private static final String END = "# ///";

  private ScriptBlock() {}

  /** Returns the TOML of the block, if the script has one. */
  static Optional<String> in(String script) {
    var comment =
        script
            .lines()
            .dropWhile(line -> !line.equals(BEGIN))
            .skip(1)
            .takeWhile(line -> line.equals("#") || line.startsWith("# "))
            .toList();
    var end = comment.lastIndexOf(END);
    return end <= 0
        ? Optional.empty()
        : Optional.of(
            comment.subList(0, end).stream()
                .map(line -> line.equals("#") ? "" : line.substring(2))
                .collect(Collectors.joining("\n")));
  }
}
