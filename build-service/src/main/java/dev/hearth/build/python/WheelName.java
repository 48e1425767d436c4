package dev.hearth.build.python;

import dev.hearth.build.project.DistributionName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wheel's file name
 * (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
 *
 * @param project normalized name
 * @param python Python tags; each is combined with each ABI and platform
 */
public record WheelName(
    String file,
    String project,
    String version,
    List<String> python,
    List<String> abi,
    List<String> platforms) {

  private static final Pattern WHEEL =
      Pattern.compile(
          "([A-Za-z0-9_.]+)-([A-Za-z0-9_.!+]+)(-\\d[A-Za-z0-9_.]*)?-([a-z0-9_.]+)-([a-z0-9_.]+)-([A-Za-z0-9_.]+)\\.whl");

  /** Parses a file name; returns nothing if it does not name a wheel. */
  public static Optional<WheelName> parse(String file) {
    var matcher = WHEEL.matcher(file);
    return matcher.matches()
        ? Optional.of(
            new WheelName(
                file,
                DistributionName.normalized(matcher.group(1)),
                matcher.group(2),
                tags(matcher.group(4)),
                tags(matcher.group(5)),
                tags(matcher.group(6))))
        : Optional.empty();
  }

  private static List<String> tags(String compressed) {
    return List.of(compressed.split("\\."));
  }
}
