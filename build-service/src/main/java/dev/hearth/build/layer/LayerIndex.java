package dev.hearth.build.layer;

import java.util.List;
import java.util.Optional;

/** Finds layers by the hash of what they were made from. Thread-safe. */
public interface LayerIndex {

  /**
   * Returns the layers that were made for a key: one, or an empty list if the requirement's marker
   * excludes the target. Their bytes are in the store.
   */
  Optional<List<Layer>> find(String key);

  /** Remembers layers whose bytes are in the store. */
  void keep(String key, List<Layer> layers);
}
