package dev.hearth.build.uv;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wheel's file name
 * (https://packaging.python.org/en/latest/specifications/binary-distribution-format/), of those
 * that the platform's interpreter can use.
 *
 * @param project normalized
 */
public record WheelName(String file, String project, String version) {

  private static final Pattern USABLE =
      Pattern.compile(
          "(?<project>[A-Za-z0-9_.]+)-(?<version>[A-Za-z0-9_.!+]+)(-\\d[A-Za-z0-9_.]*)?"
              + "-(graalpy312-graalpy250_312_native-(linux|manylinux_\\d+_\\d+|manylinux\\d+)_x86_64"
              + "|(py2\\.)?py3-none-any)\\.whl");

  /** Empty when it is no wheel, or one for another interpreter. */
  public static Optional<WheelName> parse(String file) {
    var matcher = USABLE.matcher(file);
    return matcher.matches()
        ? Optional.of(
            new WheelName(
                file, Requirement.normalized(matcher.group("project")), matcher.group("version")))
        : Optional.empty();
  }
}
