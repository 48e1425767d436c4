package dev.hearth.build.reach;

import dev.hearth.build.reach.ModuleImports.Certainty;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The imports of one module, each with its certainty. */
final class FoundImports {

  /** Modules of the standard library that exist in GraalPy as native code only. */
  private static final Set<String> NATIVE_LIBRARIES =
      Set.of("bz2", "ctypes", "pty", "sqlite3", "termios", "tty");

  private final Map<String, Certainty> all = new LinkedHashMap<>();
  private final Set<String> nativeLibraries = new LinkedHashSet<>();

  /** Adds an import; if it was added before, the greater certainty wins. */
  void add(String module, Certainty certainty) {
    all.merge(module, certainty, (known, found) -> known.compareTo(found) > 0 ? known : found);
  }

  /** Adds the native standard library module that a module belongs to, if any. */
  void addLibrary(String module) {
    var library = module.contains(".") ? module.substring(0, module.indexOf('.')) : module;
    if (NATIVE_LIBRARIES.contains(library)) {
      nativeLibraries.add(library);
    }
  }

  List<String> all() {
    return List.copyOf(all.keySet());
  }

  /** Returns the imports that are not certain. */
  Map<String, Certainty> uncertain() {
    return all.entrySet().stream()
        .filter(each -> each.getValue() != Certainty.CERTAIN)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  List<String> nativeLibraries() {
    return List.copyOf(nativeLibraries);
  }
}
