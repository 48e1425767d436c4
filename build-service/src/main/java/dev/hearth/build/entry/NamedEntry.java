package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.build.entry.ModuleEntries.Candidate;
import dev.hearth.build.entry.ModuleEntries.Clarity;
import dev.hearth.build.entry.ModuleEntries.Parameters;
import dev.hearth.build.entry.ModuleNames.Binding;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The entry that a user names, which is checked against the code before anything is built. */
final class NamedEntry {

  private static final Pattern NAME =
      Pattern.compile("[^\\W\\d]\\w*(\\.[^\\W\\d]\\w*)*:[^\\W\\d]\\w*(\\.[^\\W\\d]\\w*)*");

  /** A file in place of a module, or a module without an attribute. */
  private static final Pattern FILE =
      Pattern.compile("(?:\\./)?(?:src/)?([\\w/.]+?)(?:\\.py)?(?::([\\w.]+))?");

  /** An entry as AWS Lambda has it. */
  private static final Pattern DOTTED = Pattern.compile("([^\\W\\d]\\w*[./])+(?!py$)[^\\W\\d]\\w*");

  /** Usual names of a handler's first parameter. */
  private static final List<String> EVENTS = List.of("event", "_event", "evt");

  private static final int LONGEST = 400;
  private static final int MOST_SUGGESTIONS = 5;
  private static final int MOST_NAMES = 12;

  private final ProjectModules project;
  private final String name;

  private NamedEntry(ProjectModules project, String name) {
    this.project = project;
    this.name = name;
  }

  /**
   * Takes an entry as the user writes it: {@code module:attribute}, or {@code module.attribute} and
   * {@code folder/module.attribute}, as AWS Lambda has it, if the project has that module.
   */
  static NamedEntry of(ProjectModules project, String given) {
    return new NamedEntry(
        project,
        given.length() <= LONGEST && DOTTED.matcher(given).matches()
            ? dotted(project, given.replace('/', '.')).orElse(given)
            : given);
  }

  /**
   * Returns the entry.
   *
   * @throws HearthException if it is malformed, or if the project's code shows that it does not
   *     exist or cannot be called
   */
  Entry check() {
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.hearth] entry must be \"module:attribute\", as in \"main:app\", but is \"%s\".%s"
              .formatted(name.substring(0, Math.min(name.length(), LONGEST)), didYouMean()));
    }
    var file = project.file(module());
    if (file.isEmpty()) {
      if (project.holdsTop(module())) {
        throw unknownModule();
      }
      // The module may come from a dependency.
      return new Entry(name, Convention.AUTO);
    }
    if (!PythonSource.isParsed(file.get())) {
      return new Entry(name, Convention.AUTO);
    }
    var module = project.names(module()).orElseThrow();
    requireBound(module);
    refuseEvents(module);
    return ModuleEntries.find(module, project).stream()
        .map(Candidate::entry)
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseGet(() -> {
          requireCallable(module);
          return new Entry(name, isHandler(module) ? Convention.LAMBDA : Convention.AUTO);
        });
  }

  /** Returns true if the names of a function's parameters show a handler of AWS Lambda's. */
  private boolean isHandler(ModuleNames module) {
    var bound = module.bindings().getOrDefault(attribute(), List.of());
    var parameters =
        bound.size() == 1 && name.endsWith(":" + attribute())
            ? Parameters.of(bound.getFirst())
            : Parameters.NONE;
    return parameters.take(2)
        && !parameters.names().isEmpty()
        && EVENTS.contains(parameters.names().getFirst());
  }

  private String module() {
    return name.substring(0, name.indexOf(':'));
  }

  /** Returns the first name of the attribute. */
  private String attribute() {
    return name.substring(name.indexOf(':') + 1).split("\\.", 2)[0];
  }

  private String didYouMean() {
    var file = FILE.matcher(name);
    if (name.length() > LONGEST || !file.matches()) {
      return "";
    }
    var module = file.group(1).replace('/', '.');
    var meant =
        file.group(2) == null
            ? suggestions(project, List.of(module)).stream().findFirst()
            : Optional.of(module + ":" + file.group(2));
    return meant.map(" Did you mean \"%s\"?"::formatted).orElse("");
  }

  /** Returns {@code module:attribute} for {@code module.attribute}, if there is such a module. */
  private static Optional<String> dotted(ProjectModules project, String given) {
    var dot = given.lastIndexOf('.');
    return dot > 0
            && project.file(given).isEmpty()
            && project.file(given.substring(0, dot)).isPresent()
        ? Optional.of(given.substring(0, dot) + ":" + given.substring(dot + 1))
        : Optional.empty();
  }

  private void requireBound(ModuleNames module) {
    if (project.binds(module, attribute())
        || project.isOpen(module)
        || project.isPackageWith(module(), attribute())) {
      return;
    }
    var file = project.title(module());
    var suggested = suggestions(project, List.of(module()));
    var names = module.bindings().keySet().stream().limit(MOST_NAMES).toList();
    var there =
        !suggested.isEmpty()
            ? "Did you mean \"%s\"?".formatted(String.join("\" or \"", suggested))
            : names.isEmpty()
                ? "It defines nothing."
                : "It defines %s.".formatted(String.join(", ", names));
    throw new HearthException(
        ErrorCode.ENTRY_NOT_FOUND,
        "The entry is \"%s\", but %s does not define %s. %s"
            .formatted(name, file, attribute(), there));
  }

  private void refuseEvents(ModuleNames module) {
    if (module.bindings().getOrDefault(attribute(), List.of()).stream()
        .flatMap(binding -> FrameworkFunction.of(module, binding).stream())
        .anyMatch(FrameworkFunction.EVENT::equals)) {
      throw FrameworkFunction.refused(name);
    }
  }

  /** Refuses a function that takes neither a call's arguments nor none, as a factory would. */
  private void requireCallable(ModuleNames module) {
    var bound = module.bindings().getOrDefault(attribute(), List.of());
    if (bound.size() != 1 || !name.endsWith(":" + attribute())) {
      return;
    }
    var parameters = isBare(bound.getFirst()) ? Parameters.of(bound.getFirst()) : Parameters.NONE;
    if (parameters.required() == 1 && !parameters.take(2)) {
      throw new HearthException(
          ErrorCode.ENTRY_NOT_FOUND,
          "The entry %s takes one argument, %s. A handler takes two (event, context), and a function that makes an application is called without arguments. Give %s a default, or name an application: app = %s(…)."
              .formatted(
                  name, parameters.names().getFirst(), parameters.names().getFirst(), attribute()));
    }
  }

  /** Returns true if no decorator changes a function's parameters. */
  private static boolean isBare(Binding binding) {
    var decorators =
        switch (binding) {
          case Binding.Definition(StmtTy.FunctionDef function) -> function.decoratorList;
          case Binding.Definition(StmtTy.AsyncFunctionDef function) -> function.decoratorList;
          default -> null;
        };
    return decorators == null || decorators.length == 0;
  }

  /** Returns the error for an entry whose module does not exist. */
  HearthException unknownModule() {
    var elsewhere = suggestions(project, project.all());
    return new HearthException(
        ErrorCode.ENTRY_NOT_FOUND,
        "The entry is \"%s\", but neither the upload nor a dependency has a module %s. %s"
            .formatted(
                name,
                module(),
                elsewhere.isEmpty()
                    ? "The upload has no entry point that could be meant."
                    : "The upload has %s.".formatted(titled(elsewhere))));
  }

  /** Returns entries with their files, as in {@code "web.main:app" (web/main.py)}. */
  private String titled(List<String> entries) {
    return entries.stream()
        .map(entry ->
            "\"%s\" (%s)".formatted(entry, project.title(entry.substring(0, entry.indexOf(':')))))
        .collect(Collectors.joining(", "));
  }

  /** Returns the names of entries in some modules, those with conventional names first. */
  static List<String> suggestions(ProjectModules project, List<String> modules) {
    var found =
        modules.stream()
            .flatMap(module -> project.readable(module).stream())
            .flatMap(names -> ModuleEntries.find(names, project).stream())
            .toList();
    var own = found.stream().filter(each -> each.clarity() != Clarity.IMPORTED).toList();
    return EntryFinder.outermost(own.isEmpty() ? found : own).stream()
        .sorted(Comparator.comparing(each -> !each.isNamedByConvention()))
        .map(each -> each.entry().name())
        .limit(MOST_SUGGESTIONS)
        .toList();
  }
}
