package dev.hearth.build.difference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The table of differences between GraalPy in an instance and CPython. */
final class Differences {

  private static final String FILE = "/difference/graalpy.txt";

  private static final List<Difference> ALL = read();

  private Differences() {}

  static List<Difference> all() {
    return ALL;
  }

  private static List<Difference> read() {
    var found = new ArrayList<Difference>();
    var group = "";
    for (var line : text().lines().filter(line -> !line.startsWith("#")).toList()) {
      if (line.startsWith("= ")) {
        group = line.substring(2);
      } else {
        found.add(difference(group, line));
      }
    }
    return List.copyOf(found);
  }

  private static Difference difference(String group, String line) {
    var instead = line.lastIndexOf(" | ");
    var effect = line.lastIndexOf(" | ", instead - 1);
    if (effect < 0) {
      throw new IllegalArgumentException("a line must have three fields but is " + line);
    }
    var isFound = !line.startsWith("- ");
    return new Difference(
        group,
        line.substring(isFound ? 0 : 2, effect),
        isFound,
        line.substring(effect + 3, instead),
        line.substring(instead + 3));
  }

  private static String text() {
    try (var in = Differences.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException(FILE + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
