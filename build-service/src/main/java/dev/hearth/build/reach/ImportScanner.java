package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.sst.ConstantValue;
import com.oracle.graal.python.pegparser.sst.ExprTy;
import com.oracle.graal.python.pegparser.sst.KeywordTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import dev.hearth.build.entry.PythonSource;
import dev.hearth.build.reach.ModuleImports.Unknown;
import dev.hearth.contracts.HearthException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads one module's imports from its syntax tree. Both branches of a condition count, an {@code if
 * TYPE_CHECKING} and an {@code if __name__ == "__main__"} do not. What is computed (a name for
 * {@code import_module}, a folder's listing) makes the module undecidable.
 */
public final class ImportScanner {

  private static final Pattern MODULE_NAME =
      Pattern.compile("\\.{0,2}[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*(:[A-Za-z_][\\w.]*)?");

  private static final int LONGEST_TEXT = 200;

  private final Origin origin;
  private final String name;
  private final String path;
  private final String packageName;
  private final Set<String> imports = new LinkedHashSet<>();
  private final Set<String> texts = new LinkedHashSet<>();
  private final Set<String> groups = new LinkedHashSet<>();
  private Unknown unknown = Unknown.NOTHING;

  /** Whose code it is. */
  public enum Origin {
    /** The user's: any text in it may name a module (Django's {@code INSTALLED_APPS}). */
    PROJECT,
    /** A dependency's: only dotted texts are taken for names of modules. */
    DISTRIBUTION
  }

  private ImportScanner(String name, String path, Origin origin) {
    this.origin = origin;
    this.name = name;
    this.path = path;
    this.packageName = path.endsWith("__init__.py") ? name : parent(name);
  }

  /**
   * Scans a file.
   *
   * @param root the folder on {@code sys.path}
   * @param path the file below it
   */
  public static ModuleImports scan(Path root, String path, Path file, Origin origin) {
    var scanner = new ImportScanner(moduleName(path), path, origin);
    try {
      for (var statement : PythonSource.parse(root, file)) {
        scanner.visit(statement);
      }
    } catch (HearthException _) {
      scanner.unknown = Unknown.UNREADABLE;
    }
    return scanner.result(file.toFile().length());
  }

  /** The dotted name of a file below a folder on {@code sys.path}. */
  static String moduleName(String path) {
    var withoutEnding = path.substring(0, path.length() - ".py".length());
    var withoutInit =
        withoutEnding.endsWith("/__init__")
            ? withoutEnding.substring(0, withoutEnding.length() - "/__init__".length())
            : withoutEnding;
    return withoutInit.replace('/', '.');
  }

  static String parent(String name) {
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }

  private ModuleImports result(long bytes) {
    return new ModuleImports(
        name,
        path,
        bytes,
        imports.stream().toList(),
        texts.stream().toList(),
        groups.stream().toList(),
        unknown);
  }

  private void visit(SSTNode root) {
    var waiting = new ArrayDeque<SSTNode>();
    waiting.push(root);
    while (!waiting.isEmpty()) {
      var node = waiting.pop();
      switch (node) {
        case StmtTy.Import statement -> {
          for (var alias : statement.names) {
            imports.add(alias.name);
          }
        }
        case StmtTy.ImportFrom statement -> importFrom(statement);
        case StmtTy.If statement when neverRuns(statement.test) -> {
          if (statement.orElse != null) {
            for (var child : statement.orElse) {
              waiting.push(child);
            }
          }
          continue;
        }
        case ExprTy.Call call -> call(call);
        case ExprTy.Constant constant -> text(constant).ifPresent(this::keepText);
        default -> {}
      }
      SyntaxTree.children(node).forEach(waiting::push);
    }
  }

  /** {@code if TYPE_CHECKING} and {@code if __name__ == "__main__"}. */
  private static boolean neverRuns(ExprTy test) {
    return lastName(test).equals("TYPE_CHECKING")
        || test instanceof ExprTy.Compare compare && lastName(compare.left).equals("__name__");
  }

  private void importFrom(StmtTy.ImportFrom statement) {
    var module = absolute(statement.level, statement.module == null ? "" : statement.module);
    if (!module.isEmpty()) {
      imports.add(module);
    }
    for (var alias : statement.names) {
      if (!alias.name.equals("*")) {
        imports.add(module.isEmpty() ? alias.name : module + "." + alias.name);
      }
    }
  }

  private String absolute(int level, String module) {
    if (level == 0) {
      return module;
    }
    var base = packageName;
    for (int i = 1; i < level; i++) {
      base = parent(base);
    }
    return module.isEmpty() ? base : base.isEmpty() ? module : base + "." + module;
  }

  private void call(ExprTy.Call call) {
    switch (lastName(call.func)) {
      case "import_module", "__import__" -> importByName(call);
      case "iter_modules", "walk_packages" -> undecide(Unknown.OWN_LISTING);
      case "listdir", "scandir", "iterdir", "glob" -> {
        if (mentions(call, Set.of("__file__", "__path__"))) {
          undecide(Unknown.OWN_LISTING);
        }
      }
      case "entry_points", "iter_entry_points" -> entryPoints(call);
      case "spec_from_file_location", "run_module", "run_path" -> undecide(Unknown.NAMED_ELSEWHERE);
      default -> {}
    }
  }

  private void importByName(ExprTy.Call call) {
    var given = call.args.length == 0 ? Optional.<String>empty() : text(call.args[0]);
    if (given.isEmpty()) {
      undecide(isOwnName(call) ? Unknown.OWN_NAMES : Unknown.NAMED_ELSEWHERE);
      return;
    }
    var level = leadingDots(given.get());
    imports.add(absolute(level, given.get().substring(level)));
  }

  /** Whether a computed name begins with the module's own: relative, or put together from it. */
  private boolean isOwnName(ExprTy.Call call) {
    var isRelative =
        lastName(call.func).equals("import_module")
            && (call.args.length > 1 || call.keywords != null && call.keywords.length > 0);
    return isRelative
        || mentions(call, Set.of("__name__", "__package__", "__path__", "__spec__", "__module__"))
        || textsIn(call).anyMatch(part -> part.startsWith(".") || part.startsWith(topPackage()));
  }

  private String topPackage() {
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  private static int leadingDots(String text) {
    var level = 0;
    while (level < text.length() && text.charAt(level) == '.') {
      level++;
    }
    return level;
  }

  private static Stream<SSTNode> below(SSTNode node) {
    return Stream.concat(
        Stream.of(node), SyntaxTree.children(node).stream().flatMap(ImportScanner::below));
  }

  private static boolean mentions(SSTNode node, Set<String> names) {
    return below(node)
        .anyMatch(each -> each instanceof ExprTy.Name named && names.contains(named.id));
  }

  private static Stream<String> textsIn(SSTNode node) {
    return below(node)
        .filter(ExprTy.Constant.class::isInstance)
        .flatMap(each -> text((ExprTy.Constant) each).stream());
  }

  private void entryPoints(ExprTy.Call call) {
    var group =
        call.args.length > 0
            ? text(call.args[0])
            : Arrays.stream(call.keywords == null ? new KeywordTy[0] : call.keywords)
                .filter(keyword -> "group".equals(keyword.arg))
                .findFirst()
                .flatMap(keyword -> text(keyword.value));
    groups.add(group.orElse("*"));
  }

  /** What is kept grows with the later ones. */
  private void undecide(Unknown found) {
    if (found.compareTo(unknown) > 0) {
      unknown = found;
    }
  }

  private void keepText(String text) {
    var mayName = origin == Origin.PROJECT || text.indexOf('.') >= 0;
    if (mayName && text.length() <= LONGEST_TEXT && MODULE_NAME.matcher(text).matches()) {
      var bare = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
      var level = leadingDots(bare);
      texts.add(absolute(level, bare.substring(level)));
    }
  }

  private static Optional<String> text(ExprTy expression) {
    return expression instanceof ExprTy.Constant constant
            && constant.value.kind == ConstantValue.Kind.CODEPOINTS
        ? Optional.of(constant.value.getCodePoints().toJavaString())
        : Optional.empty();
  }

  private static String lastName(ExprTy expression) {
    return switch (expression) {
      case ExprTy.Name named -> named.id;
      case ExprTy.Attribute attribute -> attribute.attr;
      default -> "";
    };
  }
}
