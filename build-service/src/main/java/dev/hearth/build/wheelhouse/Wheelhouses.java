package dev.hearth.build.wheelhouse;

import java.io.IOException;

/** Provides the wheelhouse to builds. */
@FunctionalInterface
public interface Wheelhouses {

  /** Returns the current wheelhouse. */
  Wheelhouse current() throws IOException;
}
