package dev.hearth.contracts;

import java.util.UUID;

/**
 * Names one revision.
 *
 * @param id unique over all functions
 * @param function the function it belongs to
 * @param number counts from 1 within the function; a higher one is newer
 */
public record RevisionRef(UUID id, FunctionKey function, int number) {

  public RevisionRef {
    if (number < 1) {
      throw new IllegalArgumentException("a revision number is at least 1 but is " + number);
    }
  }

  @Override
  public String toString() {
    return function + "@" + number;
  }
}
