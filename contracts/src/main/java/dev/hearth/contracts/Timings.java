package dev.hearth.contracts;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Durations of consecutive steps.
 *
 * @param milliseconds milliseconds by step, in the order of the steps
 */
public record Timings(Map<String, Double> milliseconds) {

  public Timings {
    milliseconds = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(milliseconds));
  }

  public static Timings none() {
    return new Timings(Map.of());
  }

  /** Returns these timings and one more step. */
  public Timings with(String step, Duration took) {
    var all = new LinkedHashMap<>(milliseconds);
    all.put(step, took.toNanos() / 1e6);
    return new Timings(all);
  }
}
