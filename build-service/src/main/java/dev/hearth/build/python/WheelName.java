package dev.hearth.build.python;

import dev.hearth.build.project.DistributionName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A wheel's file name
 * (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
 *
 * @param project normalized
 * @param python tags of Pythons, each with each ABI and platform
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

  private static final String OUR_PYTHON = "graalpy312";
  private static final String OUR_ABI = "graalpy250_312_native";

  /** Any Python's, from 3.0 to 3.12. */
  private static final Pattern ANY_PYTHON = Pattern.compile("py3(\\d|1[0-2])?");

  private static final Pattern CPYTHON = Pattern.compile("cp3(\\d|1[0-2])");

  /** Machines with glibc 2.28 and later have it. */
  private static final Pattern OUR_PLATFORM =
      Pattern.compile("manylinux(1|2010|2014|_2_(\\d|1\\d|2[0-8]))_x86_64");

  /** Empty when it is no wheel. */
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

  /** Whether it is surely for the platform's interpreter, on this machine or on any. */
  public boolean isOurs() {
    return python.contains("py3") && abi.contains("none") && platforms.contains("any")
        || python.contains(OUR_PYTHON) && abi.contains(OUR_ABI) && isForOurPlatform();
  }

  /** Whether uv perhaps takes it for the platform's interpreter. */
  public boolean mayBeOurs() {
    return (fits(python, ANY_PYTHON) && abi.contains("none") || python.contains(OUR_PYTHON))
        && mayBeForOurPlatform();
  }

  /** Whether it is surely for the CPython that is taken in the place of ours. */
  public boolean isCPythons() {
    return (python.contains("cp312") && abi.contains("cp312")
            || fits(python, CPYTHON) && abi.contains("abi3"))
        && isForOurPlatform();
  }

  /** Whether uv perhaps takes it for that CPython. */
  public boolean mayBeCPythons() {
    return (fits(python, CPYTHON) || fits(python, ANY_PYTHON))
        && (abi.contains("cp312") || abi.contains("abi3") || abi.contains("none"))
        && mayBeForOurPlatform();
  }

  private boolean isForOurPlatform() {
    return fits(platforms, OUR_PLATFORM) || platforms.contains("linux_x86_64");
  }

  private boolean mayBeForOurPlatform() {
    return platforms.contains("any")
        || platforms.stream()
            .anyMatch(tag ->
                (tag.startsWith("manylinux") || tag.startsWith("linux")) && tag.endsWith("x86_64"));
  }

  private static boolean fits(List<String> tags, Pattern pattern) {
    return tags.stream().anyMatch(pattern.asMatchPredicate());
  }
}
