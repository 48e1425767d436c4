package dev.hearth.build.python;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern of compatibility tags
 * (https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/).
 */
record WheelTag(Pattern python, Pattern abi, Pattern platform) {

  static WheelTag of(String python, String abi, String platform) {
    return new WheelTag(Pattern.compile(python), Pattern.compile(abi), Pattern.compile(platform));
  }

  /** Returns true if one of the wheel's tags matches in each of the three parts. */
  boolean matches(WheelName wheel) {
    return isIn(wheel.python(), python)
        && isIn(wheel.abi(), abi)
        && isIn(wheel.platforms(), platform);
  }

  private static boolean isIn(List<String> tags, Pattern pattern) {
    return tags.stream().anyMatch(pattern.asMatchPredicate());
  }
}
