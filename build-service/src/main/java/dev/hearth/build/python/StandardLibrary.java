package dev.hearth.build.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** The public modules of the standard library ({@code sys.stdlib_module_names} of Python 3.12). */
public final class StandardLibrary {

  private static final String FILE = "/python/standard-library.txt";

  private static final Set<String> NAMES = names();

  private StandardLibrary() {}

  /** Returns true if a module's top-level package belongs to the standard library. */
  public static boolean has(String module) {
    return NAMES.contains(module.contains(".") ? module.substring(0, module.indexOf('.')) : module);
  }

  private static Set<String> names() {
    try (var in = StandardLibrary.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException(FILE + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
