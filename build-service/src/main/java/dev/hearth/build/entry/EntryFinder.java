package dev.hearth.build.entry;

import dev.hearth.build.entry.ModuleEntries.Candidate;
import dev.hearth.build.entry.ModuleEntries.Clarity;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds a project's entry point without running its code.
 *
 * <p>Files with conventional names are parsed. Their top-level names are matched against each
 * convention: a class that derives from {@code WorkerEntrypoint}; a variable that holds a
 * framework's application; a function with the parameters of ASGI, WSGI or a Lambda handler. Of
 * several, {@code Default} wins, and an application that another one wraps or mounts is a part of
 * it. Then exactly one must be left. If there is none, an object that is imported under a
 * conventional name, such as {@code app}, is taken, and at last a factory such as {@code
 * create_app}. If the code does not show the convention, the instance inspects the object at run
 * time.
 */
public final class EntryFinder {

  private static final List<String> MODULES =
      List.of("main", "app", "worker", "entry", "handler", "lambda_function");

  private static final List<String> SERVERS = List.of("wsgi", "asgi");

  /**
   * The object that a function calls.
   *
   * @param name {@code module:attribute}
   */
  public record Entry(String name, Convention convention) {

    /** Returns the dotted name of the module. */
    public String module() {
      return name.substring(0, name.indexOf(':'));
    }
  }

  private final ProjectModules project;
  private final List<String> modules;

  private EntryFinder(Path folder, List<String> modules) {
    this.project = new ProjectModules(folder);
    this.modules = modules;
  }

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
    return named
        .map(name -> NamedEntry.of(new ProjectModules(folder), name).check())
        .orElseGet(() -> new EntryFinder(folder, modules).search());
  }

  /** Returns the error for an entry whose module is neither the project's nor a dependency's. */
  public static HearthException unknownModule(Path folder, String entry) {
    return NamedEntry.of(new ProjectModules(folder), entry).unknownModule();
  }

  private Entry search() {
    var packages =
        project.packages().stream()
            .flatMap(name ->
                Stream.concat(Stream.of(name), modules.stream().map(each -> name + "." + each)))
            .toList();
    return Stream.of(
            candidates(modules, Clarity.WORKER, Clarity.DEFINED, Clarity.NAMED),
            candidates(modules, Clarity.IMPORTED).limit(1),
            candidates(packages, Clarity.WORKER, Clarity.DEFINED, Clarity.NAMED),
            servers(),
            candidates(packages, Clarity.IMPORTED).limit(1),
            candidates(
                Stream.concat(modules.stream(), packages.stream()).toList(), Clarity.FACTORY))
        .map(Stream::toList)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .map(EntryFinder::only)
        .orElseThrow(() -> takesEvents(packages).orElseGet(this::notFound));
  }

  /** Returns the error for a project that has only functions for events. */
  private Optional<HearthException> takesEvents(List<String> packages) {
    return Stream.of(modules, packages)
        .flatMap(List::stream)
        .flatMap(module -> project.names(module).stream())
        .flatMap(module ->
            module.bindings().entrySet().stream()
                .filter(name ->
                    name.getValue().stream()
                        .flatMap(binding -> FrameworkFunction.of(module, binding).stream())
                        .anyMatch(FrameworkFunction.EVENT::equals))
                .map(name -> FrameworkFunction.refused(module.module() + ":" + name.getKey())))
        .findFirst();
  }

  /** Returns the candidates of some modules that have one of the clarities. */
  private Stream<Candidate> candidates(List<String> searched, Clarity... clarities) {
    return Stream.of(searched)
        .flatMap(List::stream)
        .flatMap(module -> project.names(module).stream())
        .flatMap(names -> ModuleEntries.find(names, project).stream())
        .filter(candidate -> List.of(clarities).contains(candidate.clarity()));
  }

  /**
   * Returns the candidates in Django's {@code wsgi.py} or {@code asgi.py}; prefers WSGI, as
   * Django's own server does.
   */
  private Stream<Candidate> servers() {
    if (!modules.equals(MODULES)) {
      return Stream.empty();
    }
    return SERVERS.stream()
        .flatMap(server ->
            Stream.of(
                List.of(server),
                project.packages().stream().map(name -> name + "." + server).toList()))
        .map(searched -> candidates(searched, Clarity.WORKER, Clarity.DEFINED).toList())
        .filter(found -> !found.isEmpty())
        .findFirst()
        .stream()
        .flatMap(List::stream);
  }

  private static Entry only(List<Candidate> found) {
    var clearest =
        found.stream().map(Candidate::clarity).min(Comparator.naturalOrder()).orElseThrow();
    var clear = found.stream().filter(each -> each.clarity() == clearest).toList();
    var left = outermost(clear);
    if (left.size() == 1) {
      return left.getFirst().entry();
    }
    var names = left.stream().map(each -> each.entry().name()).collect(Collectors.joining(", "));
    var best =
        left.stream().filter(Candidate::isNamedByConvention).findFirst().orElse(left.getFirst());
    throw new HearthException(
        ErrorCode.ENTRY_AMBIGUOUS,
        "More than one entry point was found: %s. Name the one to use: [tool.hearth] entry = \"%s\", or --entry %s."
            .formatted(names, best.entry().name(), best.entry().name()));
  }

  /** Leaves out candidates that another one wraps, mounts or calls. */
  static List<Candidate> outermost(List<Candidate> found) {
    var left =
        found.stream()
            .filter(each -> found.stream().noneMatch(other -> other.contains(each)))
            .toList();
    return left.isEmpty() ? found : left;
  }

  private HearthException notFound() {
    var elsewhere = NamedEntry.suggestions(project, project.all());
    var files = modules.stream().map(name -> name + ".py").collect(Collectors.joining(", "));
    return new HearthException(
        ErrorCode.ENTRY_NOT_FOUND,
        elsewhere.isEmpty()
            ? """
            No entry point was found in %s, not under src/ and in no package there either. \
            Write class Default(WorkerEntrypoint), app = FastAPI(), app = Flask(__name__) or def handler(event, context) in one of them, \
            or name yours: [tool.hearth] entry = "module:attribute".\
            """
                .formatted(files)
            : "No entry point was found in %s. Elsewhere there %s %s. Name the one to use: [tool.hearth] entry = \"%s\", or --entry %s."
                .formatted(
                    files,
                    elsewhere.size() == 1 ? "is" : "are",
                    String.join(", ", elsewhere),
                    elsewhere.getFirst(),
                    elsewhere.getFirst()));
  }
}
