package dev.hearth.build.project;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The metadata block of a script
 * (https://packaging.python.org/en/latest/specifications/inline-script-metadata/).
 */
final class ScriptBlock {

  private static final Pattern BLOCK =
      Pattern.compile("(?m)^# /// script$\\s(?<content>(^#(| .*)$\\s)+)^# ///$");

  private ScriptBlock() {}

  /** The block's TOML, when the script has one. */
  static Optional<String> in(String script) {
    var block = BLOCK.matcher(script);
    return block.find()
        ? Optional.of(
            block
                .group("content")
                .lines()
                .map(line -> line.startsWith("# ") ? line.substring(2) : line.substring(1))
                .collect(Collectors.joining("\n")))
        : Optional.empty();
  }
}
