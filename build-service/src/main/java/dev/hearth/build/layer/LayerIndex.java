package dev.hearth.build.layer;

import java.util.List;
import java.util.Optional;

/** Finds layers by the hash of what they were made from. Thread-safe. */
public interface LayerIndex {

  /**
   * Returns the layers that were made for a key: one, or none if the requirement is for other
   * platforms. Their bytes are in the store.
   */
  Optional<List<Layer>> find(String key);

  /** Remembers layers whose bytes are in the store. */
  void keep(String key, List<Layer> layers);
}
