package dev.hearth.build.project;

import java.util.Locale;

/** Names of Python distributions. */
public final class DistributionName {

  private DistributionName() {}

  /** Returns a distribution's name as PEP 503 normalizes it. */
  public static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }
}
