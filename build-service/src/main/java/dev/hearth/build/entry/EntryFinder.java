package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds a project's entry point without running its code.
 *
 * <p>Files with conventional names are parsed. Their top-level statements are matched against each
 * convention: a class that derives from {@code WorkerEntrypoint}; a variable that holds a
 * framework's application; a function with the parameters of ASGI, WSGI or a Lambda handler.
 * Exactly one entry must match. If none does, an object that is imported under a conventional name,
 * such as {@code app}, is taken. An entry that the user names is not searched for. If its code does
 * not show the convention, the instance inspects the object at run time.
 */
public final class EntryFinder {

  private static final Pattern NAME =
      Pattern.compile("[^\\W\\d]\\w*(\\.[^\\W\\d]\\w*)*:[^\\W\\d]\\w*(\\.[^\\W\\d]\\w*)*");

  private static final int LONGEST = 400;

  private static final List<String> MODULES = List.of("main", "app", "worker", "handler");

  private static final List<String> SERVERS = List.of("wsgi", "asgi");

  private static final List<String> IMPORTED_NAMES =
      List.of("app", "application", "handler", "lambda_handler", "Default");

  /**
   * The object that a function calls.
   *
   * @param name {@code module:attribute}
   */
  public record Entry(String name, Convention convention) {}

  private EntryFinder() {}

  /**
   * Finds the entry of a project.
   *
   * @param named the entry that the user named, if any
   * @throws HearthException if there is none, if there are several, or if a file cannot be parsed
   */
  public static Entry find(Path folder, Optional<String> named) {
    return find(folder, named, Optional.empty());
  }

  /**
   * Finds the entry of a project or of a script.
   *
   * @param script the only file that is searched, if given
   */
  public static Entry find(Path folder, Optional<String> named, Optional<String> script) {
    var modules =
        script
            .map(file -> List.of(file.substring(0, file.length() - ".py".length())))
            .orElse(MODULES);
    return named.map(name -> named(folder, name)).orElseGet(() -> search(folder, modules));
  }

  private static Entry named(Path folder, String name) {
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.hearth] entry must be \"module:attribute\", as in \"main:app\", but is \"%s\"."
              .formatted(name.substring(0, Math.min(name.length(), LONGEST))));
    }
    var module = name.substring(0, name.indexOf(':'));
    for (var file : filesOf(folder, module)) {
      if (!PythonSource.isParsed(file)) {
        return new Entry(name, Convention.AUTO);
      }
      return ModuleEntries.find(folder, file, module).stream()
          .filter(entry -> entry.name().equals(name))
          .findFirst()
          .orElse(new Entry(name, Convention.AUTO));
    }
    // The module may come from a dependency. If it does not exist, the import fails later.
    return new Entry(name, Convention.AUTO);
  }

  private static List<Path> filesOf(Path folder, String module) {
    var relative = module.replace('.', '/');
    return List.of(
            "src/" + relative + ".py",
            relative + ".py",
            "src/" + relative + "/__init__.py",
            relative + "/__init__.py")
        .stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .toList();
  }

  private static Entry search(Path folder, List<String> modules) {
    var found = entries(folder, modules);
    if (found.isEmpty()) {
      found = entries(folder, inPackages(folder, modules));
    }
    if (found.isEmpty() && modules.equals(MODULES)) {
      found = servers(folder);
    }
    if (found.isEmpty()) {
      found = imported(folder, modules);
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      throw new HearthException(
          ErrorCode.ENTRY_NOT_FOUND,
          """
          No entry point was found in %s, not under src/ and in no package there either. \
          Write class Default(WorkerEntrypoint), app = FastAPI(), app = Flask(__name__) or def handler(event, context) in one of them, \
          or name yours: [tool.hearth] entry = "module:attribute".\
          """
              .formatted(
                  modules.stream().map(name -> name + ".py").collect(Collectors.joining(", "))));
    }
    var names = found.stream().map(Entry::name).collect(Collectors.joining(", "));
    throw new HearthException(
        ErrorCode.ENTRY_AMBIGUOUS,
        "More than one entry point was found: %s. Name the one to use: [tool.hearth] entry = \"%s\"."
            .formatted(names, found.getFirst().name()));
  }

  /**
   * Returns the entry in Django's {@code wsgi.py} or {@code asgi.py}; prefers WSGI, as Django's own
   * server does.
   */
  private static List<Entry> servers(Path folder) {
    return SERVERS.stream()
        .map(List::of)
        .flatMap(server -> Stream.of(server, inPackages(folder, server)))
        .map(modules -> entries(folder, modules))
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static List<Entry> entries(Path folder, List<String> modules) {
    var found = new ArrayList<Entry>();
    for (var module : modules) {
      var files = filesOf(folder, module);
      if (!files.isEmpty()) {
        found.addAll(ModuleEntries.find(folder, files.getFirst(), module));
      }
    }
    return found;
  }

  /**
   * Returns an entry that is imported under a conventional name; the first file that has one wins.
   */
  private static List<Entry> imported(Path folder, List<String> modules) {
    return modules.stream()
        .flatMap(module ->
            filesOf(folder, module).stream()
                .limit(1)
                .flatMap(file -> PythonSource.parse(folder, file).stream())
                .flatMap(EntryFinder::importedNames)
                .filter(IMPORTED_NAMES::contains)
                .distinct()
                .map(name -> new Entry(module + ":" + name, Convention.AUTO)))
        .limit(1)
        .toList();
  }

  private static Stream<String> importedNames(StmtTy statement) {
    return statement instanceof StmtTy.ImportFrom from
        ? Arrays.stream(from.names).map(name -> name.asName == null ? name.name : name.asName)
        : Stream.empty();
  }

  /** Returns the packages of the project, and their modules with the given names. */
  private static List<String> inPackages(Path folder, List<String> modules) {
    return Stream.of(folder.resolve("src"), folder)
        .filter(Files::isDirectory)
        .flatMap(root -> packages(root).stream())
        .distinct()
        .flatMap(name ->
            Stream.concat(Stream.of(name), modules.stream().map(module -> name + "." + module)))
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
}
