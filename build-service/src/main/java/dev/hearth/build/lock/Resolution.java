package dev.hearth.build.lock;

import java.util.List;

/**
 * A project's pinned dependencies.
 *
 * @param requirements the requirements to install, with hashes
 * @param lock what is known of them beyond that. Once resolved for this platform alone, they are
 *     not what it says: it is the first resolution's
 */
public record Resolution(List<Requirement> requirements, Lock lock) {

  public Resolution {
    requirements = List.copyOf(requirements);
  }
}
