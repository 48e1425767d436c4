package dev.hearth.build.reach;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.reach.ModuleImports.Certainty;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** Finds imports of modules that only a Python inside of JavaScript has, such as {@code js}. */
public final class ForeignImports {

  private static final Set<String> FOREIGN = Set.of("js", "pyodide", "pyodide_js", "_pyodide");

  private static final String INSTEAD =
      "there is no JavaScript in a function of Hearth. Use `from workers import Response, fetch, FormData` and Python's own types";

  private ForeignImports() {}

  /**
   * An import that fails.
   *
   * @param path path of the importing file
   * @param module imported name
   * @param isCertain true if it fails as soon as the file is imported; false in a function
   */
  public record Foreign(String path, String module, boolean isCertain) {

    /** Returns what is wrong and what to do. */
    public String message() {
      return isCertain
          ? "%s imports %s, but %s.".formatted(path, module, INSTEAD)
          : "%s imports %s in a function, which will fail: %s.".formatted(path, module, INSTEAD);
    }
  }

  /**
   * Searches the user's code; each module is found once for each file. Imports under a condition or
   * with a handler belong to code for several worlds.
   *
   * @param known modules that the upload and its dependencies have
   */
  public static List<Foreign> find(SortedMap<String, Content> files, Set<String> known) {
    var found = new ArrayList<Foreign>();
    files.forEach((path, file) -> {
      var module = ImportScanner.scan(path, file, Origin.DISTRIBUTION);
      for (var name : module.imports()) {
        var certainty = module.certainty(name);
        var top = DottedName.top(name);
        if (FOREIGN.contains(top)
            && !known.contains(top)
            && (certainty == Certainty.CERTAIN || certainty == Certainty.CALLED)
            && found.stream()
                .noneMatch(
                    one -> one.path().equals(path) && DottedName.top(one.module()).equals(top))) {
          found.add(new Foreign(path, name, certainty == Certainty.CERTAIN));
        }
      }
    });
    return List.copyOf(found);
  }
}
