package dev.hearth.build.reach;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The importable content of a distribution.
 *
 * @param name normalized
 * @param modules its Python files that can be imported
 * @param nativeModules paths of its native modules
 * @param lackedModules dotted names of native modules that it has for another Python, and not here
 * @param entryPoints by group, each {@code name = module:attribute}, as it is written
 * @param requires normalized names of the distributions that its metadata asks for
 */
public record Distribution(
    String name,
    List<ModuleImports> modules,
    List<String> nativeModules,
    List<String> lackedModules,
    Map<String, List<String>> entryPoints,
    List<String> requires) {

  private static final Pattern IMPORTABLE = Pattern.compile("([A-Za-z_]\\w*/)*[A-Za-z_]\\w*\\.py");
  private static final Pattern NATIVE =
      Pattern.compile("([A-Za-z_]\\w*/)*([A-Za-z_]\\w*)\\.[^/]*so");

  public Distribution {
    modules = List.copyOf(modules);
    nativeModules = List.copyOf(nativeModules);
    lackedModules = List.copyOf(lackedModules);
    entryPoints = Map.copyOf(entryPoints);
    requires = List.copyOf(requires);
  }

  /** Returns the dotted names of everything that can be imported, native modules too. */
  public Set<String> importable() {
    return Stream.concat(
            modules.stream().map(ModuleImports::name),
            nativeModules.stream().flatMap(path -> nativeModule(path).stream()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the dotted names of everything that its modules import outside of functions. */
  public Set<String> imports() {
    return modules.stream()
        .flatMap(module -> module.imports().stream().filter(name -> isAtOnce(module, name)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isAtOnce(ModuleImports module, String imported) {
    return switch (module.certainty(imported)) {
      case CERTAIN, CONDITIONAL -> true;
      case CALLED, GUARDED -> false;
    };
  }

  /** Returns the top-level names of everything that can be imported. */
  public Set<String> topLevel() {
    return importable().stream()
        .map(module -> module.replaceFirst("\\..*", ""))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns true if a file's path can be a module's. */
  public static boolean isModule(String path) {
    return IMPORTABLE.matcher(path).matches();
  }

  /** Returns the dotted name of a native module, or nothing if the file is a plain library. */
  public static Optional<String> nativeModule(String path) {
    var matcher = NATIVE.matcher(path);
    return matcher.matches()
        ? Optional.of(
            path.substring(0, path.indexOf('.', path.lastIndexOf('/') + 1)).replace('/', '.'))
        : Optional.empty();
  }
}
