package dev.hearth.build.reach;

import dev.hearth.build.reach.ModuleImports.Unknown;
import dev.hearth.build.reach.ModuleIndex.Module;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Follows imports from a function's entry. Where a module computes its imports, everything that it
 * could import is kept: modules that string constants (here called texts) name, a package whose
 * folder is listed, and whatever native code could import.
 */
public final class Closure {

  /**
   * Packages whose data the standard library reads (zoneinfo), although its imports are not
   * followed.
   */
  private static final Set<String> STANDARD_LIBRARY_READS = Set.of("tzdata");

  private final ModuleIndex modules;
  private final SortedMap<String, String> reached = new TreeMap<>();
  private final SortedMap<String, String> undecided = new TreeMap<>();
  private final Set<String> reachedDistributions = new HashSet<>();
  private final Set<String> keptBelow = new HashSet<>();
  private final List<ModuleImports> unreadTexts = new ArrayList<>();
  private boolean textsCount;

  /** Modules that list folders of packages whose names their importers pass to them. */
  private final Set<String> listers = new HashSet<>();

  /** Modules with texts, by the modules that they import and may pass the texts to. */
  private final Map<String, List<Module>> importers = new HashMap<>();

  private final Deque<String> waiting = new ArrayDeque<>();

  /**
   * The result of following imports.
   *
   * @param importedBy each reached module, with the module that imported it first, or "entry" for
   *     the entry
   * @param undecided reached modules whose imports cannot be determined, with the reason
   * @param reached distributions with at least one reached module
   * @param leftOut paths of unreached modules in reached distributions
   */
  public record Result(
      SortedMap<String, String> importedBy,
      SortedMap<String, String> undecided,
      Set<String> reached,
      List<String> leftOut) {}

  private Closure(ModuleIndex modules) {
    this.modules = modules;
  }

  /**
   * Finds the modules that the entry reaches by imports, and those of its distributions that it
   * does not reach.
   *
   * @param entry the module that is imported first
   * @param project the user's own modules
   * @param kept matches paths that the project keeps in any case
   */
  public static Result follow(
      String entry,
      Collection<ModuleImports> project,
      Collection<Distribution> distributions,
      Predicate<String> kept) {
    var closure = new Closure(new ModuleIndex(project, distributions));
    closure.reach(entry, "entry");
    closure
        .modules
        .all()
        .filter(module -> !module.isProjects() && kept.test(module.imports().path()))
        .forEach(module -> closure.reach(module.name(), "keep"));
    STANDARD_LIBRARY_READS.forEach(name -> closure.keepBelow("", name, "the standard library"));
    closure.run();
    return closure.result();
  }

  private void run() {
    while (!waiting.isEmpty()) {
      modules.find(waiting.pop()).ifPresent(this::visit);
    }
  }

  /**
   * Keeps the packages whose folders a module may list: those that its own texts name, and those
   * that texts of importers in the same distribution name.
   */
  private void keepListed(Module listing) {
    if (listers.add(listing.name())) {
      keepNamedOfItsOwn(listing);
      importers.getOrDefault(listing.name(), List.of()).forEach(this::keepNamedOfItsOwn);
    }
  }

  private void keepNamedOfItsOwn(Module importer) {
    for (var text : importer.imports().texts()) {
      modules
          .findPackage(text)
          .filter(named -> named.distribution().equals(importer.distribution()))
          .ifPresent(named -> keepBelow(text, named.distribution(), importer.name()));
    }
  }

  private void visit(Module module) {
    var imports = module.imports();
    for (var name : imports.imports()) {
      reach(name, imports.name());
      if (!imports.texts().isEmpty() && modules.find(name).isPresent()) {
        importers.computeIfAbsent(name, _ -> new ArrayList<>()).add(module);
      }
    }
    if (imports.imports().stream().anyMatch(listers::contains)) {
      keepNamedOfItsOwn(module);
    }
    imports.entryPointGroups().stream()
        .flatMap(group -> modules.entryPoints(group).stream())
        .forEach(target -> reach(target, imports.name()));
    if (module.isProjects()) {
      reachTexts(imports);
      keepNamedPackages(imports);
    } else if (textsCount) {
      reachTexts(imports);
    } else {
      unreadTexts.add(imports);
    }
    keepUnknown(module);
    if (imports.unknown() != Unknown.NOTHING) {
      undecided.put(imports.name(), imports.unknown().reason());
    }
  }

  /** Keeps whatever a module could import under a computed name. */
  private void keepUnknown(Module module) {
    var imports = module.imports();
    switch (imports.unknown()) {
      case NOTHING, UNREADABLE -> {}
      case NAMED_ELSEWHERE -> countTexts();
      case OWN_NAMES -> {
        countTexts();
        keepNamedOfItsOwn(module);
        if (!reachTexts(imports)) {
          keepBelow(module.packageName(), module.distribution(), imports.name());
        }
      }
      case OWN_LISTING -> keepBelow(module.packageName(), module.distribution(), imports.name());
      case GIVEN_LISTING -> {
        keepBelow(module.packageName(), module.distribution(), imports.name());
        keepListed(module);
      }
      case OWN_PATH -> keepBelow("", module.distribution(), imports.name());
      case NATIVE, TOO_LARGE -> {
        // Unread code may import anything from its distribution and its declared dependencies.
        keepBelow("", module.distribution(), imports.name());
        modules
            .requires(module.distribution())
            .forEach(name -> keepBelow("", name, imports.name()));
      }
    }
  }

  /**
   * Keeps packages that the project names, because a framework may load the modules of a named
   * package by convention, as Django does with apps.
   */
  private void keepNamedPackages(ModuleImports project) {
    for (var text : project.texts()) {
      modules
          .findPackage(text)
          .filter(named -> !named.isProjects())
          .ifPresent(named -> keepBelow(text, named.distribution(), project.name()));
    }
  }

  /**
   * Treats texts as module names from now on, because a reached module imports names that its
   * callers pass.
   */
  private void countTexts() {
    if (!textsCount) {
      textsCount = true;
      unreadTexts.forEach(this::reachTexts);
      unreadTexts.clear();
    }
  }

  /**
   * Follows the texts of a module; returns true if one of them names another module of the same
   * top-level package. A package name with a trailing dot stands for all modules of the package.
   */
  private boolean reachTexts(ModuleImports imports) {
    var top = DottedName.top(imports.name());
    var foundOwn = false;
    for (var text : imports.texts()) {
      var module = modules.longest(text);
      if (text.equals(module + ".")) {
        modules
            .find(module)
            .ifPresent(found -> keepBelow(module, found.distribution(), imports.name()));
      }
      if (!module.isEmpty()) {
        reach(module, imports.name());
        foundOwn |= DottedName.top(module).equals(top) && !module.equals(imports.name());
      }
    }
    return foundOwn;
  }

  /** Marks a module and its parent packages as reached, as an import loads them. */
  private void reach(String name, String from) {
    for (var end = name.indexOf('.'); ; end = name.indexOf('.', end + 1)) {
      var part = end < 0 ? name : name.substring(0, end);
      var module = modules.find(part);
      if (module.isPresent() && reached.putIfAbsent(part, from) == null) {
        reachedDistributions.add(module.get().distribution());
        waiting.push(part);
      }
      if (end < 0) {
        return;
      }
    }
  }

  /** Keeps a package with everything below it; the empty name stands for the whole distribution. */
  private void keepBelow(String packageName, String distribution, String from) {
    if (keptBelow.add(distribution + " " + packageName)) {
      modules.below(packageName, distribution).forEach(module -> reach(module.name(), from));
    }
  }

  private Result result() {
    var leftOut = new ArrayList<String>();
    for (var distribution : modules.distributions()) {
      // Data and scripts cannot be imported, so imports cannot show whether they are used.
      if (distribution.modules().isEmpty() && distribution.nativeModules().isEmpty()) {
        reachedDistributions.add(distribution.name());
      }
      if (reachedDistributions.contains(distribution.name())) {
        distribution.modules().stream()
            .filter(module -> !reached.containsKey(module.name()) && !modules.mayBeData(module))
            .map(ModuleImports::path)
            .forEach(leftOut::add);
      }
    }
    reachedDistributions.remove("");
    return new Result(
        reached,
        undecided,
        reachedDistributions.stream().collect(Collectors.toUnmodifiableSet()),
        leftOut.stream().sorted().toList());
  }
}
