package dev.hearth.build.reach;

import dev.hearth.build.reach.ModuleImports.Unknown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Follows imports from a function's entry. Where a module's imports cannot be known, what it could
 * mean is kept: modules that texts name, the package whose folder it lists, all that native code
 * may ask for.
 */
public final class Closure {

  /** Read by the standard library itself (zoneinfo), which is not followed. */
  private static final Set<String> STANDARD_LIBRARY_READS = Set.of("tzdata");

  private static final Set<String> SCRIPT_GROUPS = Set.of("console_scripts", "gui_scripts");

  private final NavigableMap<String, Module> modules = new TreeMap<>();
  private final Map<String, Distribution> distributions = new TreeMap<>();
  private final SortedMap<String, String> reached = new TreeMap<>();
  private final SortedMap<String, String> undecided = new TreeMap<>();
  private final Set<String> reachedDistributions = new HashSet<>();
  private final Set<String> keptBelow = new HashSet<>();
  private final List<ModuleImports> unreadTexts = new ArrayList<>();
  private boolean textsCount;

  /** Modules that list the folders of packages that their importers name. */
  private final Set<String> listing = new HashSet<>();

  private final Deque<String> waiting = new ArrayDeque<>();

  /** A module and the distribution that it belongs to; the project's belong to "". */
  private record Module(String distribution, ModuleImports imports) {}

  /**
   * What was found.
   *
   * @param importedBy each reached module and which module led there first; the entry's is "entry"
   * @param undecided reached modules whose imports cannot be known, and why
   * @param reached distributions with at least one reached module
   * @param leftOut paths of modules, in reached distributions, that nothing leads to
   */
  public record Result(
      SortedMap<String, String> importedBy,
      SortedMap<String, String> undecided,
      Set<String> reached,
      List<String> leftOut) {}

  private Closure(Collection<ModuleImports> project, Collection<Distribution> all) {
    for (var distribution : all) {
      distributions.put(distribution.name(), distribution);
      for (var module : distribution.modules()) {
        modules.putIfAbsent(module.name(), new Module(distribution.name(), module));
      }
      for (var path : distribution.nativeModules()) {
        Distribution.nativeModule(path)
            .ifPresent(name ->
                modules.putIfAbsent(
                    name,
                    new Module(
                        distribution.name(),
                        ModuleImports.unknown(name, path, 0, Unknown.NATIVE))));
      }
    }
    for (var module : project) {
      modules.put(module.name(), new Module("", module));
    }
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
    var closure = new Closure(project, distributions);
    closure.reach(entry, "entry");
    closure.modules.values().stream()
        .filter(module -> !module.distribution().isEmpty() && kept.test(module.imports().path()))
        .forEach(module -> closure.reach(module.imports().name(), "keep"));
    STANDARD_LIBRARY_READS.forEach(name -> closure.keepBelow("", name, "the standard library"));
    closure.run();
    return closure.result();
  }

  private void run() {
    while (!waiting.isEmpty()) {
      var module = modules.get(waiting.pop());
      if (module != null) {
        visit(module);
      }
      if (waiting.isEmpty()) {
        keepListed();
      }
    }
  }

  /**
   * Keeps the packages of a distribution that one that lists folders names itself, or that its own
   * modules name for that one.
   */
  private void keepListed() {
    if (listing.isEmpty()) {
      return;
    }
    for (var name : List.copyOf(reached.keySet())) {
      var importer = modules.get(name);
      if (importer != null && (listing.contains(name) || importsOneThatLists(importer))) {
        importer.imports().texts().stream()
            .filter(text -> isPackage(text, importer.distribution()))
            .forEach(text -> keepBelow(text, importer.distribution(), name));
      }
    }
  }

  private boolean importsOneThatLists(Module module) {
    return module.imports().imports().stream().anyMatch(listing::contains);
  }

  private boolean isPackage(String name, String distribution) {
    var named = modules.get(name);
    return named != null
        && named.distribution().equals(distribution)
        && named.imports().isPackage();
  }

  private void visit(Module module) {
    var imports = module.imports();
    imports.imports().forEach(name -> reach(name, imports.name()));
    imports.entryPointGroups().forEach(group -> loadEntryPoints(group, imports.name()));
    if (module.distribution().isEmpty()) {
      reachTexts(imports);
      keepNamedPackages(imports);
    } else if (textsCount) {
      reachTexts(imports);
    } else {
      unreadTexts.add(imports);
    }
    switch (imports.unknown()) {
      case NOTHING, UNREADABLE -> {}
      case NAMED_ELSEWHERE -> countTexts();
      case OWN_NAMES -> {
        countTexts();
        if (!reachTexts(imports)) {
          keepBelow(packageOf(imports), module.distribution(), imports.name());
        }
      }
      case OWN_LISTING -> keepBelow(packageOf(imports), module.distribution(), imports.name());
      case GIVEN_LISTING -> {
        keepBelow(packageOf(imports), module.distribution(), imports.name());
        listing.add(imports.name());
      }
      case NATIVE, TOO_LARGE -> {
        // It imports what it likes: of its own distribution, and of those that its metadata asks
        // for.
        keepBelow("", module.distribution(), imports.name());
        Optional.ofNullable(distributions.get(module.distribution()))
            .map(Distribution::requires)
            .orElse(List.of())
            .forEach(name -> keepBelow("", name, imports.name()));
      }
    }
    if (imports.unknown() != Unknown.NOTHING) {
      undecided.put(imports.name(), imports.unknown().reason());
    }
  }

  /**
   * A framework that is given a package's name (an app of Django's) loads its modules by
   * convention.
   */
  private void keepNamedPackages(ModuleImports project) {
    for (var text : project.texts()) {
      var named = modules.get(text);
      if (named != null && !named.distribution().isEmpty() && named.imports().isPackage()) {
        keepBelow(text, named.distribution(), project.name());
      }
    }
  }

  /** Somebody imports by names that others give: from now on, texts may be such names. */
  private void countTexts() {
    if (!textsCount) {
      textsCount = true;
      unreadTexts.forEach(this::reachTexts);
      unreadTexts.clear();
    }
  }

  /**
   * Whether any of the texts names a module of the same top package. A package's name with a dot
   * behind it is the beginning of the names of modules there.
   */
  private boolean reachTexts(ModuleImports imports) {
    var top = top(imports.name());
    var foundOwn = false;
    for (var text : imports.texts()) {
      var module = longestModule(text);
      if (text.equals(module + ".") && modules.get(module) instanceof Module found) {
        keepBelow(module, found.distribution(), imports.name());
      }
      if (!module.isEmpty()) {
        reach(module, imports.name());
        foundOwn |= top(module).equals(top) && !module.equals(imports.name());
      }
    }
    return foundOwn;
  }

  /** The module in {@code package.module.attribute}; of a dotted text more than its top. */
  private String longestModule(String text) {
    var name = text;
    while (!modules.containsKey(name)) {
      name = ImportScanner.parent(name);
      if (name.isEmpty() || !name.contains(".")) {
        return "";
      }
    }
    return name;
  }

  private static String packageOf(ModuleImports imports) {
    return imports.isPackage() ? imports.name() : ImportScanner.parent(imports.name());
  }

  private static String top(String name) {
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  /** Reaches the module and the packages above it, as an import does. */
  private void reach(String name, String from) {
    for (var end = name.indexOf('.'); ; end = name.indexOf('.', end + 1)) {
      var part = end < 0 ? name : name.substring(0, end);
      var module = modules.get(part);
      if (module != null && reached.putIfAbsent(part, from) == null) {
        reachedDistributions.add(module.distribution());
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
      // '/' comes next after '.'.
      var below =
          packageName.isEmpty()
              ? modules
              : modules.subMap(packageName + ".", true, packageName + "/", false);
      below.values().stream()
          .filter(module -> module.distribution().equals(distribution))
          .map(module -> module.imports().name())
          .toList()
          .forEach(name -> reach(name, from));
    }
  }

  private void loadEntryPoints(String group, String from) {
    for (var distribution : distributions.values()) {
      distribution
          .entryPoints()
          .forEach((offered, targets) -> {
            if (offered.equals(group) || group.equals("*") && !SCRIPT_GROUPS.contains(offered)) {
              targets.forEach(target -> reach(module(target), from));
            }
          });
    }
  }

  /** The module of {@code name = module:attribute}. */
  private static String module(String entryPoint) {
    return entryPoint.substring(entryPoint.indexOf('=') + 1).split("[:\\[]", 2)[0].strip();
  }

  private Result result() {
    var leftOut = new ArrayList<String>();
    for (var distribution : distributions.values()) {
      // Data and scripts have nothing that could be imported, and so nothing that says whether they
      // are used.
      if (distribution.modules().isEmpty() && distribution.nativeModules().isEmpty()) {
        reachedDistributions.add(distribution.name());
      }
      if (reachedDistributions.contains(distribution.name())) {
        distribution.modules().stream()
            .filter(module -> !reached.containsKey(module.name()))
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
