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
 * @param name normalized name
 * @param modules importable Python files
 * @param nativeModules paths of native modules
 * @param lackedModules dotted names of native modules that exist only for another Python
 * @param entryPoints entry points by group, each an unparsed {@code name = module:attribute}
 * @param requires normalized names of the distributions that the metadata requires
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

  /** Returns the dotted names of all importable modules, including native ones. */
  public Set<String> importable() {
    return Stream.concat(
            modules.stream().map(ModuleImports::name),
            nativeModules.stream().flatMap(path -> nativeModule(path).stream()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the dotted names of all modules that the distribution imports outside of functions. */
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

  /** Returns the top-level names of all importable modules. */
  public Set<String> topLevel() {
    return importable().stream()
        .map(module -> module.replaceFirst("\\..*", ""))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns true if a path can be that of a Python module. */
  public static boolean isModule(String path) {
    return IMPORTABLE.matcher(path).matches();
  }

  /** Returns the dotted name of the module in a file. */
  public static String moduleName(String path) {
    return DottedName.ofFile(path);
  }

  /** Returns the dotted name of a native module, or nothing if the path is not that of one. */
  public static Optional<String> nativeModule(String path) {
    var matcher = NATIVE.matcher(path);
    return matcher.matches()
        ? Optional.of(
            path.substring(0, path.indexOf('.', path.lastIndexOf('/') + 1)).replace('/', '.'))
        : Optional.empty();
  }
}
