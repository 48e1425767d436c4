package dev.hearth.build.entry;

import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The modules of a project, found at the top and under {@code src/}, each parsed once. */
final class ProjectModules {

  private static final String SOURCE = "src";

  /** Largest number of modules that are listed. */
  private static final int MOST = 300;

  /** Deepest folder that modules are listed in. */
  private static final int DEEPEST = 6;

  private static final Set<String> NOT_LISTED =
      Set.of("tests", "test", "node_modules", "site-packages", "venv", "migrations");

  private final Path folder;
  private final Map<String, Optional<ModuleNames>> parsed = new HashMap<>();

  ProjectModules(Path folder) {
    this.folder = folder;
  }

  /** Returns the file of a module. */
  Optional<Path> file(String module) {
    var relative = module.replace('.', '/');
    return Stream.of(
            SOURCE + "/" + relative + ".py",
            relative + ".py",
            SOURCE + "/" + relative + "/__init__.py",
            relative + "/__init__.py")
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Returns a file's path below the project, for messages. */
  String title(String module) {
    return file(module).map(file -> folder.relativize(file).toString()).orElse(module);
  }

  /**
   * Returns the names of a module, if it is the project's.
   *
   * @throws HearthException if its file cannot be parsed
   */
  Optional<ModuleNames> names(String module) {
    var known = parsed.get(module);
    if (known == null) {
      known =
          file(module)
              .map(file ->
                  ModuleNames.of(
                      module, file.endsWith("__init__.py"), PythonSource.parse(folder, file)));
      parsed.put(module, known);
    }
    return known;
  }

  /** Returns the names of a module, unless it is not the project's or cannot be parsed. */
  Optional<ModuleNames> readable(String module) {
    try {
      return names(module);
    } catch (HearthException _) {
      return Optional.empty();
    }
  }

  /** Returns true if a module or something that it imports everything from binds a name. */
  boolean binds(ModuleNames module, String name) {
    return binds(module, name, new HashSet<>());
  }

  private boolean binds(ModuleNames module, String name, Set<String> seen) {
    return module.bindings().containsKey(name)
        || module.stars().stream()
            .filter(seen::add)
            .flatMap(star -> readable(star).stream())
            .anyMatch(star -> binds(star, name, seen));
  }

  /** Returns true if a module may bind names that the project's code does not show. */
  boolean isOpen(ModuleNames module) {
    return isOpen(module, new HashSet<>());
  }

  private boolean isOpen(ModuleNames module, Set<String> seen) {
    return module.isOpen()
        || module.stars().stream()
            .filter(seen::add)
            .anyMatch(star -> readable(star).map(names -> isOpen(names, seen)).orElse(true));
  }

  /** Returns true if a package of the project has a module as attribute, once it is imported. */
  boolean isPackageWith(String module, String attribute) {
    return file(module + "." + attribute).isPresent();
  }

  /** Returns true if the project has the package or module at the top of a dotted name. */
  boolean holdsTop(String module) {
    var top = module.contains(".") ? module.substring(0, module.indexOf('.')) : module;
    return file(top).isPresent() || all().stream().anyMatch(each -> each.startsWith(top + "."));
  }

  /** Returns the packages at the top and under {@code src/}, without tests. */
  List<String> packages() {
    return Stream.of(folder.resolve(SOURCE), folder)
        .filter(Files::isDirectory)
        .flatMap(root -> packages(root).stream())
        .distinct()
        .toList();
  }

  private static List<String> packages(Path root) {
    try (var listed = Files.list(root)) {
      return listed
          .filter(path -> Files.isRegularFile(path.resolve("__init__.py")))
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("tests"))
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Returns the dotted names of the project's modules, those near the top first. */
  List<String> all() {
    try (var walked = Files.walk(folder, DEEPEST)) {
      return walked
          .filter(file -> file.toString().endsWith(".py") && Files.isRegularFile(file))
          .map(folder::relativize)
          .filter(ProjectModules::isListed)
          .sorted((one, other) ->
              one.getNameCount() == other.getNameCount()
                  ? one.compareTo(other)
                  : one.getNameCount() - other.getNameCount())
          .limit(MOST)
          .map(ProjectModules::module)
          .distinct()
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static boolean isListed(Path file) {
    for (var part : file) {
      var name = part.toString();
      var stem = name.endsWith(".py") ? name.substring(0, name.length() - ".py".length()) : name;
      if (NOT_LISTED.contains(name)
          || stem.startsWith("test_")
          || stem.isEmpty()
          || !Character.isJavaIdentifierStart(stem.charAt(0))
          || !stem.chars().allMatch(Character::isJavaIdentifierPart)) {
        return false;
      }
    }
    return true;
  }

  private static String module(Path file) {
    var path =
        file.startsWith(SOURCE) && file.getNameCount() > 1
            ? file.subpath(1, file.getNameCount())
            : file;
    var name = path.toString();
    var dotted = name.substring(0, name.length() - ".py".length()).replace('/', '.');
    return dotted.endsWith(".__init__")
        ? dotted.substring(0, dotted.length() - ".__init__".length())
        : dotted;
  }
}
