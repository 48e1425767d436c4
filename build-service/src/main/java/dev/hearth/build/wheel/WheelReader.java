package dev.hearth.build.wheel;

import dev.hearth.build.pack.Content;
import java.io.IOException;
import java.util.SortedMap;

/** Makes something of a wheel's files. */
@FunctionalInterface
public interface WheelReader<T> {

  /**
   * Reads them.
   *
   * @param files by their paths; not to be kept, they are in memory
   */
  T read(SortedMap<String, Content> files) throws IOException;
}
