package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.ArgTy;
import com.oracle.graal.python.pegparser.sst.ArgumentsTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.build.entry.ModuleNames.Binding;
import dev.hearth.contracts.Convention;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the entries that one module's names stand for. */
final class ModuleEntries {

  private static final Map<String, Convention> FRAMEWORKS =
      Map.ofEntries(
          Map.entry("FastAPI", Convention.ASGI),
          Map.entry("Starlette", Convention.ASGI),
          Map.entry("Quart", Convention.ASGI),
          Map.entry("Litestar", Convention.ASGI),
          Map.entry("get_asgi_application", Convention.ASGI),
          Map.entry("Flask", Convention.WSGI),
          Map.entry("APIFlask", Convention.WSGI),
          Map.entry("Bottle", Convention.WSGI),
          Map.entry("make_wsgi_app", Convention.WSGI),
          Map.entry("get_wsgi_application", Convention.WSGI),
          Map.entry("Chalice", Convention.LAMBDA));

  /** Classes whose objects are commonly named {@code app} and answer no requests. */
  private static final Set<String> NOT_SERVED = Set.of("Typer", "Celery", "Huey", "Rocketry");

  private static final String WORKER = "Default";
  private static final String WORKER_FUNCTION = "on_fetch";
  private static final List<String> APPLICATION_NAMES = List.of("app", "application");
  private static final List<String> HANDLER_NAMES = List.of("handler", "lambda_handler");
  private static final Set<String> FACTORY_NAMES =
      Set.of(
          "create_app",
          "make_app",
          "get_app",
          "build_app",
          "create_application",
          "make_application",
          "get_application");

  private static final int HANDLER_PARAMETERS = 2;
  private static final int ASGI_PARAMETERS = 3;

  /** How clearly code shows that an object is an entry, clearest first. */
  enum Clarity {
    /** The class or the function that Workers are named by. */
    WORKER,
    /** An application, a handler or another worker. */
    DEFINED,
    /** An object of unknown make under the name of a handler, such as {@code Mangum(app)}. */
    NAMED,
    /** An import under a conventional name. */
    IMPORTED,
    /** A function without required parameters that makes an application. */
    FACTORY
  }

  /**
   * A possible entry.
   *
   * @param mentions absolute dotted names that its definition mentions; an entry that another one
   *     mentions is a part of it
   */
  record Candidate(Entry entry, Clarity clarity, Set<String> mentions) {

    /** Returns the absolute dotted name of the object. */
    String dotted() {
      return entry.name().replace(':', '.');
    }

    /** Returns true if the other candidate is an object that this one's definition uses. */
    boolean contains(Candidate other) {
      return !other.dotted().equals(dotted())
          && mentions.stream()
              .anyMatch(
                  name -> name.equals(other.dotted()) || name.startsWith(other.dotted() + "."));
    }

    /** Returns true if the object has a name that applications and workers usually have. */
    boolean isNamedByConvention() {
      var name = entry.name().substring(entry.name().indexOf(':') + 1);
      return name.equals(WORKER) || APPLICATION_NAMES.contains(name);
    }
  }

  private ModuleEntries() {}

  /** Returns the candidates of a module, in the order of its code. */
  static List<Candidate> find(ModuleNames module, ProjectModules modules) {
    var found =
        module.bindings().entrySet().stream()
            .flatMap(name -> candidate(module, name.getKey(), name.getValue()).stream());
    var fromStars =
        module.stars().isEmpty()
            ? Stream.<Candidate>empty()
            : conventionalNames()
                .filter(name -> !module.bindings().containsKey(name))
                .filter(name -> modules.binds(module, name))
                .map(name -> of(module, name, Convention.AUTO, Clarity.IMPORTED));
    return Stream.concat(found, fromStars).toList();
  }

  private static Stream<String> conventionalNames() {
    return Stream.concat(
        Stream.of(WORKER), Stream.concat(APPLICATION_NAMES.stream(), HANDLER_NAMES.stream()));
  }

  private static Candidate of(
      ModuleNames module, String name, Convention convention, Clarity clarity) {
    return new Candidate(
        new Entry(module.module() + ":" + name, convention), clarity, module.mentions(name));
  }

  /** Returns the candidate that a name stands for, whichever of its bindings takes effect. */
  private static Optional<Candidate> candidate(
      ModuleNames module, String name, List<Binding> bindings) {
    var all =
        bindings.stream().flatMap(binding -> candidate(module, name, binding).stream()).toList();
    var conventions =
        all.stream().map(each -> each.entry().convention()).collect(Collectors.toSet());
    return all.stream()
        .reduce((_, last) -> last)
        .map(last ->
            conventions.size() == 1 ? last : of(module, name, Convention.AUTO, last.clarity()));
  }

  private static Optional<Candidate> candidate(ModuleNames module, String name, Binding binding) {
    var function = FrameworkFunction.of(module, binding);
    if (function.isPresent()) {
      return function
          .flatMap(FrameworkFunction::convention)
          .map(convention -> of(module, name, convention, Clarity.DEFINED));
    }
    var found =
        switch (binding) {
          case Binding.Value(var expression) -> value(module, name, expression);
          case Binding.Imported(var origin) ->
              conventionalNames().anyMatch(name::equals) && !origin.startsWith("workers.")
                  ? of(module, name, Convention.AUTO, Clarity.IMPORTED)
                  : null;
          case Binding.Definition(StmtTy.ClassDef type) ->
              isWorker(type, module)
                  ? of(
                      module,
                      name,
                      Convention.WORKERS,
                      name.equals(WORKER) ? Clarity.WORKER : Clarity.DEFINED)
                  : null;
          case Binding.Definition(StmtTy.AsyncFunctionDef _) ->
              function(module, name, Parameters.of(binding), true);
          case Binding.Definition(StmtTy.FunctionDef _) ->
              function(module, name, Parameters.of(binding), false);
          case Binding.Definition _ -> null;
        };
    return Optional.ofNullable(found);
  }

  private static boolean isWorker(StmtTy.ClassDef type, ModuleNames module) {
    return type.bases != null
        && Arrays.stream(type.bases)
            .map(ModuleNames::lastName)
            .anyMatch(base ->
                base.equals("WorkerEntrypoint")
                    || module.bindings().getOrDefault(base, List.of()).stream()
                        .anyMatch(bound ->
                            bound.equals(new Binding.Imported("workers.WorkerEntrypoint"))));
  }

  private static @Nullable Candidate value(
      ModuleNames module, String name, @Nullable ExprTy value) {
    if (value instanceof ExprTy.Call call) {
      var made = ModuleNames.lastName(call.func);
      var convention = FRAMEWORKS.get(made);
      if (convention != null) {
        return of(module, name, convention, Clarity.DEFINED);
      }
      if (NOT_SERVED.contains(made)) {
        return null;
      }
    }
    if (isLiteral(value)) {
      return null;
    }
    if (name.equals(WORKER)) {
      return of(module, name, Convention.AUTO, Clarity.WORKER);
    }
    if (APPLICATION_NAMES.contains(name)) {
      return of(module, name, Convention.AUTO, Clarity.DEFINED);
    }
    if (!HANDLER_NAMES.contains(name)) {
      return null;
    }
    var isMangum =
        value instanceof ExprTy.Call call && ModuleNames.lastName(call.func).equals("Mangum");
    return of(module, name, isMangum ? Convention.LAMBDA : Convention.AUTO, Clarity.NAMED);
  }

  private static boolean isLiteral(@Nullable ExprTy value) {
    return switch (value) {
      case ExprTy.Constant _, ExprTy.JoinedStr _ -> true;
      case ExprTy.List _, ExprTy.Dict _, ExprTy.Set _, ExprTy.Tuple _ -> true;
      case ExprTy.ListComp _, ExprTy.DictComp _, ExprTy.SetComp _, ExprTy.GeneratorExp _ -> true;
      case ExprTy.Compare _, ExprTy.BinOp _, ExprTy.UnaryOp _ -> true;
      case null, default -> false;
    };
  }

  private static @Nullable Candidate function(
      ModuleNames module, String name, Parameters parameters, boolean asynchronous) {
    if (name.equals(WORKER_FUNCTION)) {
      return of(module, name, Convention.WORKERS, Clarity.WORKER);
    }
    if (HANDLER_NAMES.contains(name) && parameters.take(HANDLER_PARAMETERS)) {
      return of(module, name, Convention.LAMBDA, Clarity.DEFINED);
    }
    var isApplication = APPLICATION_NAMES.contains(name);
    if (asynchronous
        && (parameters.names().equals(List.of("scope", "receive", "send"))
            || (isApplication && parameters.required() == ASGI_PARAMETERS))) {
      return of(module, name, Convention.ASGI, Clarity.DEFINED);
    }
    if (!asynchronous
        && (parameters.names().equals(List.of("environ", "start_response"))
            || (isApplication
                && parameters.required() == HANDLER_PARAMETERS
                && parameters.names().getFirst().startsWith("env")))) {
      return of(module, name, Convention.WSGI, Clarity.DEFINED);
    }
    return !asynchronous && FACTORY_NAMES.contains(name) && parameters.take(0)
        ? of(module, name, Convention.AUTO, Clarity.FACTORY)
        : null;
  }

  /** The parameters of a function. */
  record Parameters(@Nullable ArgumentsTy arguments) {

    /** The parameters of what is no function. */
    static final Parameters NONE = new Parameters(null);

    /** Returns the parameters of what a name is bound to. */
    static Parameters of(Binding binding) {
      return switch (binding) {
        case Binding.Definition(StmtTy.FunctionDef function) -> new Parameters(function.args);
        case Binding.Definition(StmtTy.AsyncFunctionDef function) -> new Parameters(function.args);
        default -> NONE;
      };
    }

    /** Returns the names of the positional parameters. */
    List<String> names() {
      return arguments == null
          ? List.of()
          : Stream.of(arguments.posOnlyArgs, arguments.args)
              .flatMap(Parameters::stream)
              .map(parameter -> parameter.arg)
              .toList();
    }

    private static Stream<ArgTy> stream(ArgTy @Nullable [] parameters) {
      return parameters == null ? Stream.empty() : Arrays.stream(parameters);
    }

    /** Returns the number of positional parameters without a default. */
    int required() {
      return arguments == null || arguments.defaults == null
          ? names().size()
          : names().size() - arguments.defaults.length;
    }

    /** Returns true if the function can be called with so many positional arguments. */
    boolean take(int given) {
      var accepted = names().size();
      return required() <= given && (given <= accepted || hasRest()) && !requiresKeywords();
    }

    /** Returns true if the function takes any number of positional arguments. */
    boolean hasRest() {
      return arguments != null && arguments.varArg != null;
    }

    private boolean requiresKeywords() {
      return arguments != null
          && stream(arguments.kwOnlyArgs).count() > 0
          && (arguments.kwDefaults == null
              || Arrays.stream(arguments.kwDefaults).anyMatch(each -> each == null));
    }
  }
}
