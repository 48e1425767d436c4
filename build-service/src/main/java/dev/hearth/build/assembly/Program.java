package dev.hearth.build.assembly;

import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.pack.Content;
import dev.hearth.build.pack.Pruned;
import dev.hearth.build.pack.Pruner;
import dev.hearth.build.pack.PruningRules;
import dev.hearth.build.python.StandardLibrary;
import dev.hearth.build.reach.Closure;
import dev.hearth.build.reach.Distribution;
import dev.hearth.build.reach.ImportScanner;
import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.reach.ModuleImports;
import dev.hearth.build.reach.Needs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The function's own code, as found in the upload.
 *
 * @param entryModule dotted name of the module that is imported first
 * @param files the project's files by path, before pruning
 */
record Program(String entryModule, SortedMap<String, Content> files, PruningRules rules) {

  private static final String SOURCE = "src/";

  /**
   * A program that was linked with its dependencies.
   *
   * @param own files that are not part of a layer
   * @param pruned the project's files that pruning left out, by rule
   * @param used layers of distributions that work on the target, including those that no import
   *     reaches
   * @param without layers of distributions that do not work on the target and that the program
   *     starts without
   * @param lacks native modules that the program requires and the target does not have
   * @param nativeLibraries native modules of the standard library that the program needs, by the
   *     importing module
   */
  record Linked(
      SortedMap<String, Content> own,
      List<Pruned> pruned,
      List<Found> used,
      List<Found> without,
      List<Needs.Lack> lacks,
      SortedMap<String, String> nativeLibraries,
      Closure.Result closure) {

    /** Returns the project's own modules that the entry reaches, by path. */
    SortedMap<String, Content> reachedCode() {
      var reached = new TreeMap<String, Content>();
      own.forEach((path, content) -> {
        var below = path.startsWith(SOURCE) ? path.substring(SOURCE.length()) : path;
        if (Distribution.isModule(below)
            && closure.importedBy().containsKey(Distribution.moduleName(below))) {
          reached.put(path, content);
        }
      });
      return reached;
    }

    /** Returns a copy that also lists the distributions that an earlier attempt left out. */
    Linked alsoWithout(List<Found> before) {
      return new Linked(
          own,
          pruned,
          used,
          Stream.concat(without.stream(), before.stream()).toList(),
          lacks,
          nativeLibraries,
          closure);
    }
  }

  /**
   * Follows imports from the entry into the dependencies. Files that the program imports or names
   * are kept even if their folder is called tests.
   *
   * @param pure distributions that are known to work without their native modules
   */
  Linked link(List<Found> found, Set<String> pure) throws IOException {
    var spared = new HashSet<String>();
    while (true) {
      var pruned = Pruner.prune(files, rules.forProject(), spared);
      var linked = link(found, pure, pruned);
      if (!spared.addAll(pruned.holding(linked.named(), List.of("", SOURCE)))) {
        return linked.linked();
      }
    }
  }

  /**
   * One attempt to link, with some of the project's files pruned.
   *
   * @param named modules that the project's reached modules import or name, whether they exist or
   *     not
   */
  private record Attempt(Linked linked, Set<String> named) {}

  private Attempt link(List<Found> found, Set<String> pure, Pruner.Result pruned) {
    var own = own(found, pruned.kept());
    var modules = scan(own);
    var needs = Needs.of(modules, distributions(found), pure);
    var without =
        found.stream()
            .filter(each -> !pure.contains(each.layer().name()))
            .filter(each -> isForOthers(each.layer().content(), needs))
            .toList();
    var used = found.stream().filter(each -> !without.contains(each)).toList();
    var closure = Closure.follow(entryModule, modules, distributions(used), rules::keeps);
    var linked =
        new Linked(
            own,
            pruned.pruned(),
            used,
            without,
            needs.of(entryModule),
            needs.nativeLibraries(entryModule),
            closure);
    return new Attempt(linked, named(modules, closure));
  }

  /**
   * Returns the project's top-level files and folders that have the name of a module of the
   * standard library and that an import reaches.
   */
  Set<String> hidden(Linked linked) {
    var hidden = new TreeSet<String>();
    for (var file : linked.own().keySet()) {
      var root = file.startsWith(SOURCE) ? SOURCE : "";
      var top = file.substring(root.length()).split("/", 2)[0];
      var module = top.endsWith(".py") ? top.substring(0, top.length() - ".py".length()) : top;
      if (file.endsWith(".py")
          && StandardLibrary.has(module)
          && linked.closure().importedBy().keySet().stream()
              .anyMatch(name -> name.equals(module) || name.startsWith(module + "."))) {
        hidden.add(top.equals(module) ? root + top + "/" : root + top);
      }
    }
    return hidden;
  }

  private Set<String> named(List<ModuleImports> modules, Closure.Result closure) {
    var named = new HashSet<String>();
    named.add(entryModule);
    for (var module : modules) {
      if (closure.importedBy().containsKey(module.name())) {
        named.addAll(module.imports());
        named.addAll(module.texts());
      }
    }
    return named;
  }

  private static boolean isForOthers(Distribution distribution, Needs needs) {
    return !distribution.lackedModules().isEmpty() && !needs.isOfUse(distribution);
  }

  /** Returns the project's files without those that its own wheel contains. */
  private static SortedMap<String, Content> own(
      List<Found> found, SortedMap<String, Content> kept) {
    var own = new TreeMap<>(kept);
    found.stream()
        .filter(Found::isProject)
        .flatMap(layer -> layer.layer().content().modules().stream())
        .forEach(module -> {
          own.remove(module.path());
          own.remove(SOURCE + module.path());
        });
    return own;
  }

  private static List<ModuleImports> scan(Map<String, Content> files) {
    var modules = new ArrayList<ModuleImports>();
    for (var file : files.entrySet()) {
      var underSource = file.getKey().startsWith(SOURCE);
      var path = underSource ? file.getKey().substring(SOURCE.length()) : file.getKey();
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
