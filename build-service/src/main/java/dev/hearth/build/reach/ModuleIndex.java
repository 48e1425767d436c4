package dev.hearth.build.reach;

import dev.hearth.build.reach.ModuleImports.Unknown;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All modules of a project and its distributions, by name. */
final class ModuleIndex {

  private static final Set<String> SCRIPT_GROUPS = Set.of("console_scripts", "gui_scripts");

  private final NavigableMap<String, Module> modules = new TreeMap<>();
  private final Map<String, Distribution> distributions = new TreeMap<>();

  /**
   * A module.
   *
   * @param distribution name of the module's distribution; empty for the project's modules
   */
  record Module(String distribution, ModuleImports imports) {

    String name() {
      return imports.name();
    }

    boolean isProjects() {
      return distribution.isEmpty();
    }

    /** Returns the package that relative imports refer to. */
    String packageName() {
      return imports.isPackage() ? name() : DottedName.parent(name());
    }
  }

  /** Builds the index. If modules have the same name, the project's wins, then the first. */
  ModuleIndex(Collection<ModuleImports> project, Collection<Distribution> all) {
    for (var distribution : all) {
      distributions.put(distribution.name(), distribution);
      for (var module : distribution.modules()) {
        modules.putIfAbsent(module.name(), new Module(distribution.name(), module));
      }
      for (var path : distribution.nativeModules()) {
        Distribution.nativeModule(path)
            .map(name -> ModuleImports.unknown(name, path, 0, Unknown.NATIVE))
            .ifPresent(module ->
                modules.putIfAbsent(module.name(), new Module(distribution.name(), module)));
      }
    }
    for (var module : project) {
      modules.put(module.name(), new Module("", module));
    }
  }

  Optional<Module> find(String name) {
    return Optional.ofNullable(modules.get(name));
  }

  Optional<Module> findPackage(String name) {
    return find(name).filter(module -> module.imports().isPackage());
  }

  Stream<Module> all() {
    return modules.values().stream();
  }

  /** Returns all distributions. */
  Collection<Distribution> distributions() {
    return distributions.values();
  }

  /** Returns the names of the distributions that a distribution's metadata requires. */
  List<String> requires(String distribution) {
    return Optional.ofNullable(distributions.get(distribution))
        .map(Distribution::requires)
        .orElse(List.of());
  }

  /**
   * Returns the modules of a distribution below a package.
   *
   * @param packageName empty for all modules
   */
  List<Module> below(String packageName, String distribution) {
    // '/' follows '.' in ASCII, so the range holds every name that begins with the package.
    var below =
        packageName.isEmpty()
            ? modules
            : modules.subMap(packageName + ".", true, packageName + "/", false);
    return below.values().stream()
        .filter(module -> module.distribution().equals(distribution))
        .toList();
  }

  /**
   * Returns true if a file's folder is not a package, so that the file may be data, such as
   * alembic's code templates.
   */
  boolean mayBeData(ModuleImports module) {
    var folder = DottedName.parent(module.name());
    return !folder.isEmpty()
        && find(folder).isEmpty()
        && findPackage(DottedName.top(folder)).isPresent();
  }

  /**
   * Returns the longest prefix of {@code package.module.attribute} that is a module. If the text is
   * dotted, its first part alone does not count.
   *
   * @return an empty text if there is none
   */
  String longest(String text) {
    var name = text;
    while (!modules.containsKey(name)) {
      name = DottedName.parent(name);
      if (name.isEmpty() || !name.contains(".")) {
        return "";
      }
    }
    return name;
  }

  /**
   * Returns the modules that a group's entry points name.
   *
   * @param group {@code *} for all groups except scripts
   */
  List<String> entryPoints(String group) {
    return distributions.values().stream()
        .flatMap(distribution -> distribution.entryPoints().entrySet().stream())
        .filter(offered ->
            offered.getKey().equals(group)
                || (group.equals("*") && !SCRIPT_GROUPS.contains(offered.getKey())))
        .flatMap(offered -> offered.getValue().stream())
        .map(ModuleIndex::module)
        .toList();
  }

  /** Returns the module of {@code name = module:attribute}. */
  private static String module(String entryPoint) {
    return entryPoint.substring(entryPoint.indexOf('=') + 1).split("[:\\[]", 2)[0].strip();
  }
}
