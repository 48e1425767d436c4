package dev.hearth.build.lock;

import java.util.List;

/**
 * A project's pinned dependencies.
 *
 * @param requirements the requirements to install, with hashes
 * @param lock indexes, wheels and dependencies of the requirements. After a step back it is still
 *     the first resolution's lock, so its versions may differ
 */
public record Resolution(List<Requirement> requirements, Lock lock) {

  public Resolution {
    requirements = List.copyOf(requirements);
  }
}
