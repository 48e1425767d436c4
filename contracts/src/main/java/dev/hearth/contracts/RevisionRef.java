package dev.hearth.contracts;

import java.util.UUID;

/**
 * Identifies a revision.
 *
 * @param id id that is unique across functions
 * @param function the function it belongs to
 * @param number number within the function, counted from 1
 */
public record RevisionRef(UUID id, FunctionKey function, int number) {

  public RevisionRef {
    if (number < 1) {
      throw new IllegalArgumentException("a revision number must be at least 1, but is " + number);
    }
  }

  @Override
  public String toString() {
    return function + "@" + number;
  }
}
