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
   * @param files files by path; they are in memory and must not be kept
   */
  T read(SortedMap<String, Content> files) throws IOException;
}
