package dev.hearth.build.wheel;

import dev.hearth.build.pack.Content;
import java.io.IOException;
import java.util.SortedMap;

/** Reads the files of a wheel. */
@FunctionalInterface
public interface WheelReader<T> {

  /**
   * Reads the files and returns a result.
   *
   * @param files by path; in memory, so they must not be kept
   */
  T read(SortedMap<String, Content> files) throws IOException;
}
