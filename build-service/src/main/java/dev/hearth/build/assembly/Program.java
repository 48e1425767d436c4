package dev.hearth.build.assembly;

import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.pack.Content;
import dev.hearth.build.pack.PruningRules;
import dev.hearth.build.reach.Closure;
import dev.hearth.build.reach.Distribution;
import dev.hearth.build.reach.ImportScanner;
import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.reach.ModuleImports;
import dev.hearth.build.reach.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a function runs, as far as the upload says.
 *
 * @param entryModule dotted
 * @param files the project's own, after pruning
 */
record Program(String entryModule, SortedMap<String, Content> files, PruningRules rules) {

  /**
   * A program with its dependencies.
   *
   * @param own files that are not part of a layer
   * @param used layers of distributions that are of use, reached or not
   * @param without layers of distributions that are for other Pythons: what asks for them does
   *     without
   * @param lacks native modules of such distributions that the program cannot do without
   * @param nativeLibraries native modules of the standard library that it needs, by the module that
   *     asks for them
   */
  record Linked(
      SortedMap<String, Content> own,
      List<Found> used,
      List<Found> without,
      List<Needs.Lack> lacks,
      SortedMap<String, String> nativeLibraries,
      Closure.Result closure) {

    /** The same; what was left out before it was resolved once more is told too. */
    Linked alsoWithout(List<Found> before) {
      return new Linked(
          own,
          used,
          Stream.concat(without.stream(), before.stream()).toList(),
          lacks,
          nativeLibraries,
          closure);
    }
  }

  /**
   * Follows imports into the dependencies.
   *
   * @param pure distributions that are known to work without their native modules
   */
  Linked link(List<Found> found, Set<String> pure) {
    var own = own(found);
    var modules = scan(own);
    var needs = Needs.of(modules, distributions(found), pure);
    var without =
        found.stream()
            .filter(each -> !pure.contains(each.layer().name()))
            .filter(each -> isForOthers(each.layer().content(), needs))
            .toList();
    var used = found.stream().filter(each -> !without.contains(each)).toList();
    return new Linked(
        own,
        used,
        without,
        needs.of(entryModule),
        needs.nativeLibraries(entryModule),
        Closure.follow(entryModule, modules, distributions(used), rules::keeps));
  }

  private static boolean isForOthers(Distribution distribution, Needs needs) {
    return !distribution.lackedModules().isEmpty() && !needs.isOfUse(distribution);
  }

  /** The project's own files, without those that its own wheel brings. */
  private SortedMap<String, Content> own(List<Found> found) {
    var own = new TreeMap<>(files);
    found.stream()
        .filter(Found::isProject)
        .flatMap(layer -> layer.layer().content().modules().stream())
        .forEach(module -> {
          own.remove(module.path());
          own.remove("src/" + module.path());
        });
    return own;
  }

  private static List<ModuleImports> scan(Map<String, Content> files) {
    var modules = new ArrayList<ModuleImports>();
    for (var file : files.entrySet()) {
      var underSource = file.getKey().startsWith("src/");
      var path = underSource ? file.getKey().substring("src/".length()) : file.getKey();
      if (Distribution.isModule(path)) {
        modules.add(ImportScanner.scan(path, file.getValue(), Origin.PROJECT));
      }
    }
    return modules;
  }

  private static List<Distribution> distributions(List<Found> found) {
    return found.stream().map(Found::layer).map(Layer::content).collect(Collectors.toList());
  }
}
