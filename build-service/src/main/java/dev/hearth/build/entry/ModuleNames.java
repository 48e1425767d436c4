package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.sst.ExceptHandlerTy;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import com.oracle.graal.python.pegparser.sst.WithItemTy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a module's top level binds: also those in the branches of {@code if}, {@code try},
 * {@code with}, {@code match} and loops, because one of them runs.
 */
final class ModuleNames {

  private static final Pattern DOTTED =
      Pattern.compile("(?<![\\w.])[^\\W\\d]\\w*(\\.[^\\W\\d]\\w*)*");

  private static final Pattern NAMED = Pattern.compile("\\b([^\\W\\d]\\w*)\\s*:=");

  /** Names whose use shows that a module may bind further names at run time. */
  private static final Set<String> OPENING = Set.of("globals", "exec", "setattr", "vars", "eval");

  /** What a name is bound to. */
  sealed interface Binding {
    /** A value, such as that of an assignment; null if it is only a part of another value. */
    record Value(@Nullable ExprTy expression) implements Binding {}

    /** A function or a class. */
    record Definition(StmtTy statement) implements Binding {}

    /**
     * An import.
     *
     * @param origin absolute dotted name of the module or of its attribute
     */
    record Imported(String origin) implements Binding {}
  }

  private final String module;
  private final String packageName;
  private final PythonSource source;
  private final Map<String, List<Binding>> bindings = new LinkedHashMap<>();
  private final Map<String, Set<String>> mentions = new HashMap<>();
  private final Set<String> stars = new LinkedHashSet<>();
  private boolean isOpen;

  private ModuleNames(String module, boolean isPackage, PythonSource source) {
    this.module = module;
    this.packageName = isPackage ? module : parent(module);
    this.source = source;
  }

  /**
   * Reads a parsed module.
   *
   * @param module dotted name
   */
  static ModuleNames of(String module, boolean isPackage, PythonSource source) {
    var names = new ModuleNames(module, isPackage, source);
    source.statements().stream().flatMap(ModuleNames::flat).forEach(names::read);
    return names;
  }

  /** Returns the module's dotted name. */
  String module() {
    return module;
  }

  /** Returns what each name is bound to, in the order of the code. */
  Map<String, List<Binding>> bindings() {
    return bindings;
  }

  /** Returns the absolute names of the modules that the module imports everything from. */
  Set<String> stars() {
    return stars;
  }

  /** Returns true if the module may bind names that its code does not show. */
  boolean isOpen() {
    return isOpen || bindings.containsKey("__getattr__");
  }

  /** Returns the absolute dotted names that the definition of a name, or a call on it, mentions. */
  Set<String> mentions(String name) {
    return mentions.getOrDefault(name, Set.of()).stream()
        .map(this::absolute)
        .collect(Collectors.toSet());
  }

  /** Returns the absolute form of a dotted name of the module's code. */
  String absolute(String dotted) {
    var end = dotted.indexOf('.');
    var first = end < 0 ? dotted : dotted.substring(0, end);
    var rest = end < 0 ? "" : dotted.substring(end);
    var bound = bindings.get(first);
    return bound != null && bound.getLast() instanceof Binding.Imported imported
        ? imported.origin() + rest
        : module + "." + dotted;
  }

  /** Returns a statement and, of a compound statement, those that may run in it. */
  private static Stream<StmtTy> flat(StmtTy statement) {
    return switch (statement) {
      case StmtTy.If branch ->
          isNeverTrue(branch.test)
              ? flat(branch.orElse)
              : Stream.concat(Stream.of(branch), flat(branch.body, branch.orElse));
      case StmtTy.Try tried ->
          Stream.concat(flat(tried.body, tried.orElse, tried.finalBody), handlers(tried.handlers));
      case StmtTy.TryStar tried ->
          Stream.concat(flat(tried.body, tried.orElse, tried.finalBody), handlers(tried.handlers));
      case StmtTy.With with -> Stream.concat(Stream.of(with), flat(with.body));
      case StmtTy.For loop -> Stream.concat(Stream.of(loop), flat(loop.body, loop.orElse));
      case StmtTy.While loop -> Stream.concat(Stream.of(loop), flat(loop.body, loop.orElse));
      case StmtTy.Match match -> Arrays.stream(match.cases).flatMap(each -> flat(each.body));
      default -> Stream.of(statement);
    };
  }

  private static Stream<StmtTy> flat(StmtTy @Nullable [] @Nullable ... blocks) {
    return Arrays.stream(blocks)
        .filter(block -> block != null)
        .flatMap(Arrays::stream)
        .flatMap(ModuleNames::flat);
  }

  private static Stream<StmtTy> handlers(ExceptHandlerTy @Nullable [] handlers) {
    return handlers == null
        ? Stream.empty()
        : Arrays.stream(handlers)
            .flatMap(each ->
                each instanceof ExceptHandlerTy.ExceptHandler handler
                    ? flat(handler.body)
                    : Stream.empty());
  }

  /** Returns true for {@code __name__ == "__main__"} and {@code TYPE_CHECKING}. */
  private static boolean isNeverTrue(ExprTy test) {
    return (test instanceof ExprTy.Compare compare
            && compare.left instanceof ExprTy.Name name
            && name.id.equals("__name__"))
        || lastName(test).equals("TYPE_CHECKING");
  }

  private void read(StmtTy statement) {
    switch (statement) {
      case StmtTy.Assign assign -> assign(statement, assign.targets, assign.value);
      case StmtTy.AnnAssign assign when assign.value != null ->
          assign(statement, new ExprTy[] {assign.target}, assign.value);
      case StmtTy.With with -> Arrays.stream(with.items).forEach(this::enter);
      case StmtTy.If branch -> bindNamed(source.code(branch.test));
      case StmtTy.While loop -> bindNamed(source.code(loop.test));
      case StmtTy.For loop -> elements(loop.target).forEach(this::bindPart);
      case StmtTy.FunctionDef function -> {
        define(function.name, statement);
        // Called at the top level, it may bind names of the module.
        isOpen |= flat(function.body).anyMatch(StmtTy.Global.class::isInstance);
      }
      case StmtTy.AsyncFunctionDef function -> define(function.name, statement);
      case StmtTy.ClassDef type -> define(type.name, statement);
      case StmtTy.Import imports -> Arrays.stream(imports.names).forEach(this::read);
      case StmtTy.ImportFrom from -> read(from);
      case StmtTy.Expr expression -> {
        var first = firstName(expression.value);
        if (OPENING.contains(first)) {
          isOpen = true;
        }
        mention(first, statement);
        bindNamed(source.code(statement));
      }
      default -> {}
    }
  }

  private void assign(StmtTy statement, ExprTy[] targets, ExprTy value) {
    var bound = new ArrayList<String>();
    for (var target : targets) {
      if (target instanceof ExprTy.Name name) {
        bind(name.id, new Binding.Value(value));
        bound.add(name.id);
      } else if (target instanceof ExprTy.Attribute || target instanceof ExprTy.Subscript) {
        isOpen |= OPENING.contains(firstName(target));
        bound.add(firstName(target));
      } else {
        elements(target)
            .forEach(name -> {
              bindPart(name);
              bound.add(name);
            });
      }
    }
    bindNamed(source.code(value));
    // Of `application = app = …`, the first stands for both.
    bound.stream().findFirst().ifPresent(name -> mention(name, statement));
  }

  private void enter(WithItemTy item) {
    if (item.optionalVars != null) {
      elements(item.optionalVars).forEach(this::bindPart);
    }
  }

  /** Binds a name to a part of a value. */
  private void bindPart(String name) {
    bind(name, new Binding.Value(null));
  }

  /** Binds the names of assignment expressions, such as {@code (app := create())}. */
  private void bindNamed(String code) {
    NAMED.matcher(code).results().forEach(match -> bindPart(match.group(1)));
  }

  private static Stream<String> elements(ExprTy target) {
    return switch (target) {
      case ExprTy.Name name -> Stream.of(name.id);
      case ExprTy.Tuple tuple -> Arrays.stream(tuple.elements).flatMap(ModuleNames::elements);
      case ExprTy.List list -> Arrays.stream(list.elements).flatMap(ModuleNames::elements);
      case ExprTy.Starred starred -> elements(starred.value);
      default -> Stream.empty();
    };
  }

  private void define(String name, StmtTy statement) {
    bind(name, new Binding.Definition(statement));
    mention(name, statement);
  }

  private void read(com.oracle.graal.python.pegparser.sst.AliasTy alias) {
    if (alias.asName != null) {
      bind(alias.asName, new Binding.Imported(alias.name));
    } else {
      var first = alias.name.split("\\.", 2)[0];
      bind(first, new Binding.Imported(first));
    }
  }

  private void read(StmtTy.ImportFrom from) {
    var origin = origin(from);
    for (var alias : from.names) {
      if (alias.name.equals("*")) {
        stars.add(origin);
      } else {
        var name = alias.asName == null ? alias.name : alias.asName;
        bind(name, new Binding.Imported(origin.isEmpty() ? alias.name : origin + "." + alias.name));
      }
    }
  }

  private String origin(StmtTy.ImportFrom from) {
    var name = from.module == null ? "" : from.module;
    if (from.level == 0) {
      return name;
    }
    var base = packageName;
    for (int i = 1; i < from.level; i++) {
      base = parent(base);
    }
    return base.isEmpty() ? name : name.isEmpty() ? base : base + "." + name;
  }

  private void bind(String name, Binding binding) {
    bindings.computeIfAbsent(name, _ -> new ArrayList<>()).add(binding);
  }

  private void mention(String name, StmtTy statement) {
    var found = mentions.computeIfAbsent(name, _ -> new HashSet<>());
    DOTTED.matcher(source.code(statement)).results().forEach(match -> found.add(match.group()));
  }

  /** Returns the name that an expression begins with, as {@code app} of {@code app.mount(…)}. */
  static String firstName(ExprTy expression) {
    var first = expression;
    while (!(first instanceof ExprTy.Name)) {
      switch (first) {
        case ExprTy.Attribute attribute -> first = attribute.value;
        case ExprTy.Subscript subscript -> first = subscript.value;
        case ExprTy.Call call -> first = call.func;
        default -> {
          return "";
        }
      }
    }
    return ((ExprTy.Name) first).id;
  }

  /** Returns the last name of a dotted expression. */
  static String lastName(ExprTy expression) {
    return switch (expression) {
      case ExprTy.Name name -> name.id;
      case ExprTy.Attribute attribute -> attribute.attr;
      default -> "";
    };
  }

  private static String parent(String name) {
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }
}
