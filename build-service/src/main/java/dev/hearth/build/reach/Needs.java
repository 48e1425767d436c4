package dev.hearth.build.reach;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Computes the modules that an import certainly requires: those imported without a guard and
 * outside of functions, which may never be called. {@link Closure} computes what could be imported;
 * this class computes what must be.
 */
public final class Needs {

  private final NavigableMap<String, ModuleImports> modules = new TreeMap<>();
  private final Map<String, String> owners = new HashMap<>();
  private final Map<String, String> lacked = new HashMap<>();

  /**
   * A native module that is needed and missing.
   *
   * @param distribution distribution that the module belongs to
   * @param module dotted name
   * @param importedBy the module that fails without it
   */
  public record Lack(String distribution, String module, String importedBy) {}

  private Needs() {}

  /**
   * Indexes a project and its dependencies.
   *
   * @param pure distributions that are known to work without their native modules
   */
  public static Needs of(
      Collection<ModuleImports> project, Collection<Distribution> distributions, Set<String> pure) {
    var needs = new Needs();
    for (var distribution : distributions) {
      distribution.modules().forEach(module -> needs.add(distribution.name(), module));
      if (!pure.contains(distribution.name())) {
        distribution
            .lackedModules()
            .forEach(module -> needs.lacked.put(module, distribution.name()));
      }
    }
    project.forEach(module -> needs.add("", module));
    return needs;
  }

  private void add(String distribution, ModuleImports module) {
    modules.put(module.name(), module);
    owners.put(module.name(), distribution);
  }

  /**
   * Returns the native modules that are missing when a module is imported; none if it can be
   * imported.
   */
  public List<Lack> of(String module) {
    var walk = new Walk(true);
    walk.from(module);
    return walk.lacks;
  }

  /**
   * Returns the native modules of the standard library that an import requires, by the importing
   * module. Modules that the project's texts name count as imported.
   */
  public SortedMap<String, String> nativeLibraries(String module) {
    var walk = new Walk(false);
    walk.from(module);
    return walk.nativeLibraries;
  }

  /** Returns true if at least one of a distribution's outermost modules can be imported. */
  public boolean isOfUse(Distribution distribution) {
    return distribution.modules().stream()
        .map(ModuleImports::name)
        .filter(name -> !distribution.name().equals(owner(DottedName.parent(name))))
        .anyMatch(name -> of(name).isEmpty());
  }

  /** Returns the distribution of a module; empty for the project's modules and for unknown ones. */
  private String owner(String module) {
    return owners.getOrDefault(module, "");
  }

  private final class Walk {
    private final boolean isCautious;
    private final List<Lack> lacks = new ArrayList<>();
    private final SortedMap<String, String> nativeLibraries = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Set<String> named = new HashSet<>();
    private final Deque<ModuleImports> waiting = new ArrayDeque<>();

    /**
     * Starts a walk.
     *
     * @param isCautious true if a package's conditional imports of its own modules count as
     *     certain, and names in texts do not
     */
    private Walk(boolean isCautious) {
      this.isCautious = isCautious;
    }

    private void from(String root) {
      reach(root, root);
      while (!waiting.isEmpty()) {
        visit(waiting.pop());
      }
    }

    private void visit(ModuleImports module) {
      if (!module.nativeLibraries().isEmpty()) {
        nativeLibraries.put(module.name(), String.join(", ", module.nativeLibraries()));
      }
      for (var name : module.imports()) {
        if (isNeeded(module, name)) {
          reach(name, module.name());
        }
      }
      if (!isCautious && owner(module.name()).isEmpty()) {
        module.texts().forEach(text -> reachNamed(text, module.name()));
      }
    }

    private boolean isNeeded(ModuleImports module, String imported) {
      var owner = owner(module.name());
      return switch (module.certainty(imported)) {
        case GUARDED -> false;
        case CALLED -> owner.equals(lacked.get(imported));
        case CONDITIONAL -> isCautious && !owner.isEmpty() && owner.equals(owner(imported));
        case CERTAIN -> true;
      };
    }

    /**
     * Reaches the module that a text names, or all modules of a package that it names, as Django's
     * settings do.
     */
    private void reachNamed(String text, String from) {
      var module = modules.get(text);
      if (module == null || !named.add(text)) {
        return;
      }
      if (module.isPackage() && text.contains(".")) {
        // '/' follows '.' in ASCII, so the range holds every name that begins with the package.
        modules.subMap(text + ".", text + "/").keySet().forEach(name -> reach(name, from));
      }
      reach(text, from);
    }

    /** Reaches the module and the packages above it, as an import does. */
    private void reach(String name, String from) {
      for (var end = name.indexOf('.'); ; end = name.indexOf('.', end + 1)) {
        var part = end < 0 ? name : name.substring(0, end);
        if (seen.add(part)) {
          var module = modules.get(part);
          if (module != null) {
            waiting.push(module);
          } else if (lacked.containsKey(part)) {
            lacks.add(new Lack(lacked.getOrDefault(part, ""), part, from));
          }
        }
        if (end < 0) {
          return;
        }
      }
    }
  }
}
