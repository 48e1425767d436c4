package dev.hearth.build.wheelhouse;

import java.io.IOException;

/** Where a build gets its wheelhouse from. */
@FunctionalInterface
public interface Wheelhouses {

  /** The wheelhouse as it is now. */
  Wheelhouse current() throws IOException;
}
