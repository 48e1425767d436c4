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
 * Follows imports from a function's entry. Where a module's imports cannot be known, everything
 * that it may mean is kept: modules that texts name, the package whose folder it lists, and
 * whatever native code may import.
 */
public final class Closure {

  /**
   * Packages whose data the standard library reads itself (zoneinfo), although its imports are not
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

  /** Modules that list the folders of packages that their importers name. */
  private final Set<String> listers = new HashSet<>();

  /** Modules with texts, by the modules that they import; the texts may be meant for those. */
  private final Map<String, List<Module>> importers = new HashMap<>();

  private final Deque<String> waiting = new ArrayDeque<>();

  /**
   * The result of following imports.
   *
   * @param importedBy each reached module and which module led there first; for the entry it is
   *     "entry"
   * @param undecided reached modules whose imports cannot be known, and why
   * @param reached distributions with at least one reached module
   * @param leftOut paths of modules, in reached distributions, that nothing leads to
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
   * Follows imports.
   *
   * @param entry the module that is imported first
   * @param project the user's own modules
   * @param kept paths that the project keeps whatever is found
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
   * Keeps the packages of a distribution that a module which lists folders names, or that the
   * distribution's own modules name to it.
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

  /** Keeps whatever a module may import that its source does not name. */
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
        // It may import anything from its own distribution and from those that its metadata
        // requires.
        keepBelow("", module.distribution(), imports.name());
        modules
            .requires(module.distribution())
            .forEach(name -> keepBelow("", name, imports.name()));
      }
    }
  }

  /**
   * Keeps packages that the project names, because a framework that is given a package's name (an
   * app of Django) loads its modules by convention.
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
   * Treats texts as names of modules from now on, because a reached module imports by names that
   * others pass to it.
   */
  private void countTexts() {
    if (!textsCount) {
      textsCount = true;
      unreadTexts.forEach(this::reachTexts);
      unreadTexts.clear();
    }
  }

  /**
   * Follows the texts of a module; returns true if one of them names a module of the same top
   * package. A package's name with a trailing dot stands for the names of its modules.
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

  /** Reaches the module and the packages above it, as an import does. */
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

  /** Keeps a package with all below it; the empty name stands for the whole distribution. */
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
