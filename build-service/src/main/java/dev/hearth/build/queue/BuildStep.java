package dev.hearth.build.queue;

import java.util.Optional;

/** What a worker does with a build that it took. Deciding it touches neither files nor tables. */
sealed interface BuildStep {

  /** Fails the build: every attempt so far ended with its worker. */
  record GiveUp(String reason) implements BuildStep {}

  /** Takes the outcome of an earlier build of the same source. */
  record Reuse(BuildOutcome outcome) implements BuildStep {}

  /** Runs the build. */
  record Run() implements BuildStep {}

  /**
   * Decides.
   *
   * @param attempt counts from 1
   * @param most attempts of a build
   * @param known the outcome of a build with the same content, if one still holds
   */
  static BuildStep of(int attempt, int most, Optional<BuildOutcome> known) {
    if (attempt > most) {
      return new GiveUp(
          "The build was started %d times and never ended. Deploy again; if that does not help, ask the operator."
              .formatted(most));
    }
    return known.<BuildStep>map(Reuse::new).orElseGet(Run::new);
  }
}
