package dev.hearth.build.assembly;

import dev.hearth.build.lock.Resolution;
import java.util.Optional;

/** Finds what a project's dependencies were resolved to. Thread-safe. */
public interface ResolutionIndex {

  /**
   * The resolution that was made for the key.
   *
   * @param isLocked whether a lock made it; without one it gets stale, for indexes go on
   */
  Optional<Resolution> find(String tenant, String key, boolean isLocked);

  void keep(String tenant, String key, Resolution resolution);
}
