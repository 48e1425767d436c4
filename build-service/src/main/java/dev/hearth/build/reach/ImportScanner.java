package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.tokenizer.Token.Kind;
import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ModuleImports.Unknown;
import dev.hearth.build.reach.Tokens.UnreadableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one module's imports from its tokens (docs/adr/0017). Both branches of a condition count,
 * except for {@code if TYPE_CHECKING} and {@code if __name__ == "__main__"}. A computed import (a
 * variable passed to {@code import_module}, a folder's listing) makes the module undecidable.
 */
public final class ImportScanner {

  private static final Pattern MODULE_NAME =
      Pattern.compile("\\.{0,2}[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*(\\.|:[A-Za-z_][\\w.]*)?");

  /** A placeholder in a text: {@code %s}, {@code %(name)s}, {@code {}}, {@code {name}}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\.(%(\\(\\w*\\))?s|\\{\\w*})");

  /** Characters that may follow a placeholder in a name, besides letters and digits. */
  private static final String BESIDE_PLACEHOLDERS = "_.%(){}";

  private static final Set<String> OWN_FILES = Set.of("__file__", "__path__");

  private static final Set<String> OWN_NAMES =
      Set.of("__name__", "__package__", "__path__", "__spec__", "__module__");

  /** Largest file that is read as code, in bytes. */
  private static final long LARGEST = 4 << 20;

  private final Origin origin;
  private final Tokens tokens;
  private final String name;
  private final String path;
  private final String packageName;
  private final Conditions conditions;
  private final FoundImports imports = new FoundImports();
  private final Set<String> texts = new LinkedHashSet<>();
  private final Set<String> groups = new LinkedHashSet<>();
  private Unknown unknown = Unknown.NOTHING;

  /**
   * The enclosing blocks, innermost first: true if a block's content runs whenever it is reached.
   */
  private final Deque<Boolean> blocks = new ArrayDeque<>();

  /** The owner of code. */
  public enum Origin {
    /** The user's code: any text in it may name a module (Django's {@code INSTALLED_APPS}). */
    PROJECT,
    /** A dependency's code: only dotted texts may name modules. */
    DISTRIBUTION
  }

  private ImportScanner(String name, String path, Origin origin, Tokens tokens) {
    this.origin = origin;
    this.tokens = tokens;
    this.conditions = Conditions.of(tokens, origin == Origin.PROJECT);
    this.name = name;
    this.path = path;
    this.packageName = path.endsWith("__init__.py") ? name : DottedName.parent(name);
  }

  /**
   * Scans a file.
   *
   * @param path the file below the folder on {@code sys.path}
   */
  public static ModuleImports scan(String path, Content file, Origin origin) {
    byte[] bytes;
    try {
      if (file.size() > LARGEST) {
        return ModuleImports.unknown(DottedName.ofFile(path), path, file.size(), Unknown.TOO_LARGE);
      }
      bytes = file.bytes();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    try {
      var scanner = new ImportScanner(DottedName.ofFile(path), path, origin, Tokens.of(bytes));
      scanner.scan();
      return scanner.result(bytes.length);
    } catch (UnreadableException _) {
      return ModuleImports.unknown(DottedName.ofFile(path), path, bytes.length, Unknown.UNREADABLE);
    }
  }

  private ModuleImports result(long bytes) {
    return new ModuleImports(
        name,
        path,
        bytes,
        imports.all(),
        imports.uncertain(),
        texts.stream().toList(),
        groups.stream().toList(),
        imports.nativeLibraries(),
        unknown);
  }

  private void scan() {
    var at = 0;
    while (at < tokens.size()) {
      at = visit(at);
    }
  }

  /** Reads the literal, statement or call at a token; returns the token to continue at. */
  private int visit(int at) {
    return switch (tokens.kind(at)) {
      case Kind.STRING, Kind.FSTRING_MIDDLE -> {
        var end = tokens.literalEnd(at);
        tokens.literal(at, end).ifPresent(this::keepText);
        yield end;
      }
      case Kind.NAME -> name(at);
      case Kind.INDENT -> {
        blocks.push(conditions.isPassed(at));
        yield at + 1;
      }
      case Kind.DEDENT -> {
        blocks.poll();
        yield at + 1;
      }
      default -> at + 1;
    };
  }

  private int name(int at) {
    return switch (tokens.text(at)) {
      case "import" -> importNames(at + 1);
      case "from" -> importFrom(at + 1);
      case "if", "elif" -> begins(at) ? condition(at + 1) : at + 1;
      case "def", "class" -> at + 2;
      default -> {
        if (tokens.kind(at + 1) == Kind.LPAR) {
          call(new Call(tokens, at));
        }
        yield at + 1;
      }
    };
  }

  /**
   * Returns true if a statement begins at a token; an {@code if} may also stand in an expression.
   */
  private boolean begins(int at) {
    return switch (tokens.kind(at - 1)) {
      case Kind.NEWLINE, Kind.INDENT, Kind.DEDENT, Kind.SEMI, Kind.COLON, Kind.ENDMARKER -> true;
      default -> false;
    };
  }

  /** Reads {@code import a.b as c, d}. */
  private int importNames(int begin) {
    var at = begin;
    for (var end = tokens.dottedEnd(at); end > at; end = tokens.dottedEnd(at)) {
      add(tokens.text(at, end), at);
      at = behindAlias(end);
    }
    return at;
  }

  /** Adds an import. Every import in the user's own code counts as certain. */
  private void add(String module, int at) {
    if (!DottedName.isShort(module)) {
      return;
    }
    var isAlways = !blocks.contains(false) || origin == Origin.PROJECT;
    imports.add(module, conditions.certainty(at, isAlways));
    if (isAlways) {
      imports.addLibrary(module);
    }
  }

  /** Returns the token after {@code as name} and a comma. */
  private int behindAlias(int at) {
    var behind = tokens.isName(at, "as") ? at + 2 : at;
    return tokens.kind(behind) == Kind.COMMA ? behind + 1 : behind;
  }

  /**
   * Reads {@code from ..a import b as c, d}; ignores {@code yield from} and {@code raise … from}.
   */
  private int importFrom(int begin) {
    var at = begin;
    var level = 0;
    while (tokens.kind(at) == Kind.DOT || tokens.kind(at) == Kind.ELLIPSIS) {
      level += tokens.kind(at) == Kind.DOT ? 1 : 3;
      at++;
    }
    var end = tokens.isName(at, "import") ? at : tokens.dottedEnd(at);
    if (!tokens.isName(end, "import")) {
      return begin;
    }
    var module = DottedName.absolute(packageName, level, tokens.text(at, end));
    if (!module.isEmpty()) {
      add(module, begin);
    }
    at = tokens.kind(end + 1) == Kind.LPAR ? end + 2 : end + 1;
    while (DottedName.isShort(module) && tokens.kind(at) == Kind.NAME) {
      add(module.isEmpty() ? tokens.text(at) : module + "." + tokens.text(at), begin);
      at = behindAlias(at + 1);
    }
    return at;
  }

  /** Skips a block that never runs; otherwise continues with the condition itself. */
  private int condition(int begin) {
    var end = tokens.dottedEnd(begin);
    var last = end == begin ? "" : tokens.text(end - 1);
    var neverRuns =
        (last.equals("TYPE_CHECKING") && tokens.kind(end) == Kind.COLON)
            || (last.equals("__name__")
                && tokens.kind(end) == Kind.EQEQUAL
                && tokens.kind(end + 1) == Kind.STRING
                && tokens.kind(end + 2) == Kind.COLON);
    return neverRuns ? tokens.behindBlock(last.equals("__name__") ? end + 3 : end + 1) : begin;
  }

  private void call(Call call) {
    switch (call.name()) {
      case "import_module", "__import__" -> importByName(call);
      case "iter_modules", "walk_packages" ->
          undecide(call.mentions(OWN_FILES) ? Unknown.OWN_LISTING : Unknown.GIVEN_LISTING);
      case "listdir", "scandir", "iterdir", "glob" -> {
        if (call.mentions(OWN_FILES)) {
          undecide(Unknown.OWN_LISTING);
        }
      }
      case "append", "extend", "insert" -> {
        if (origin == Origin.DISTRIBUTION && call.isOn("sys", "path") && call.mentions(OWN_FILES)) {
          undecide(Unknown.OWN_PATH);
        }
      }
      case "entry_points", "iter_entry_points" ->
          groups.add(call.text(0).or(() -> call.text("group")).orElse("*"));
      case "spec_from_file_location", "run_module", "run_path" -> undecide(Unknown.NAMED_ELSEWHERE);
      default -> {}
    }
  }

  private void importByName(Call call) {
    var given = call.text(0);
    if (given.isEmpty()) {
      undecide(isOwnName(call) ? Unknown.OWN_NAMES : Unknown.NAMED_ELSEWHERE);
      return;
    }
    add(DottedName.absolute(packageName, given.get()), call.at());
  }

  /** Returns true if a computed name is relative or begins with the module's own name. */
  private boolean isOwnName(Call call) {
    return (call.name().equals("import_module") && call.arguments() > 1)
        || (call.name().equals("__import__") && (call.arguments() > 4 || call.has("level")))
        || call.mentions(OWN_NAMES)
        || call.texts()
            .anyMatch(part -> part.startsWith(".") || part.startsWith(DottedName.top(name)));
  }

  /**
   * Returns the text up to the first placeholder after which only names and placeholders follow.
   */
  private static String untilPlaceholder(String text) {
    var begin = text.length();
    while (begin > 0 && maySurroundPlaceholders(text.charAt(begin - 1))) {
      begin--;
    }
    var placeholder = PLACEHOLDER.matcher(text);
    return placeholder.find(begin) ? text.substring(0, placeholder.start() + 1) : text;
  }

  private static boolean maySurroundPlaceholders(char character) {
    return (character >= '0' && character <= '9')
        || (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z')
        || BESIDE_PLACEHOLDERS.indexOf(character) >= 0;
  }

  /** Records why imports cannot be determined; the reason that keeps more modules wins. */
  private void undecide(Unknown found) {
    if (found.compareTo(unknown) > 0) {
      unknown = found;
    }
  }

  private void keepText(String given) {
    if (!DottedName.isShort(given)) {
      return;
    }
    var text = untilPlaceholder(given);
    var mayName = origin == Origin.PROJECT || text.indexOf('.') >= 0;
    if (mayName && MODULE_NAME.matcher(text).matches()) {
      var bare = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
      texts.add(DottedName.absolute(packageName, bare));
    }
  }
}
