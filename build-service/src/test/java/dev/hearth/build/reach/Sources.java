package dev.hearth.build.reach;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ImportScanner.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes code for tests.
 *
 * @param folder folder that the code is written to
 */
record Sources(Path folder) {

  static final Map<String, String> LIBRARY =
      Map.of("lib/__init__.py", "", "lib/a.py", "", "lib/b.py", "from . import a", "lib/c.py", "");

  ModuleImports module(Origin origin, String path, String source) {
    try {
      var file = folder.resolve(origin.name()).resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      return ImportScanner.scan(path, Content.of(file), origin);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Distribution distribution(String name, Map<String, String> files) {
    return distribution(name, files, Map.of());
  }

  Distribution distribution(
      String name, Map<String, String> files, Map<String, List<String>> entryPoints) {
    var modules = new ArrayList<ModuleImports>();
    files.forEach((path, source) -> modules.add(module(Origin.DISTRIBUTION, path, source)));
    return new Distribution(name, modules, List.of(), List.of(), entryPoints, List.of());
  }

  /** Follows imports from a project with one module. */
  Closure.Result follow(String main, Distribution... distributions) {
    return Closure.follow(
        "main",
        List.of(module(Origin.PROJECT, "main.py", main)),
        List.of(distributions),
        _ -> false);
  }
}
