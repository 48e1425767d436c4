package dev.hearth.build.layer;

import java.util.List;
import java.util.Optional;

/** Finds layers by what they were made from. Thread-safe. */
public interface LayerIndex {

  /**
   * The layers that were made for the key, if any were: one, or none when the requirement is for
   * other platforms. Their bytes are in the store.
   */
  Optional<List<Layer>> find(String key);

  /** Remembers layers whose bytes are in the store. */
  void keep(String key, List<Layer> layers);
}
