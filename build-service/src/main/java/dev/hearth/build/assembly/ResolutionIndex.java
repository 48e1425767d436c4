package dev.hearth.build.assembly;

import dev.hearth.build.lock.Resolution;
import java.util.Optional;

/** Stores and finds resolutions. Thread-safe. */
public interface ResolutionIndex {

  /**
   * Returns the resolution of an earlier build with the same key.
   *
   * @param isLocked true if a lock pinned it; otherwise it expires, because indexes change
   */
  Optional<Resolution> find(String tenant, String key, boolean isLocked);

  void keep(String tenant, String key, Resolution resolution);
}
