package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.tokenizer.Token.Kind;
import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ModuleImports.Certainty;
import dev.hearth.build.reach.Tokens.UnreadableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads which names of imported modules the user's code uses. Leaves out names that the code asks
 * for before ({@code hasattr(select, "poll")}), those whose failure it handles as that of an
 * import, and those that it assigns itself.
 */
public final class UseScanner {

  private static final Set<String> ASKING = Set.of("hasattr", "getattr");

  private final Tokens tokens;
  private final Conditions conditions;

  /** Local names of imported modules and names, with what they stand for. */
  private final Map<String, String> imported = new HashMap<>();

  /** Last parts of names that the code asks for. */
  private final Set<String> asked = new HashSet<>();

  private final List<Use> uses = new ArrayList<>();

  private UseScanner(Tokens tokens) {
    this.tokens = tokens;
    this.conditions = Conditions.of(tokens, false);
  }

  /** Scans a file; one that is not valid Python uses nothing. */
  public static List<Use> scan(Content file) {
    try {
      var scanner = new UseScanner(Tokens.of(file.bytes()));
      scanner.readImports();
      scanner.readUses();
      return scanner.uses.stream()
          .filter(use -> !scanner.asked.contains(last(use.name())))
          .distinct()
          .toList();
    } catch (UnreadableException _) {
      return List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void readImports() {
    for (int at = 0; at < tokens.size(); at++) {
      if (tokens.isName(at, "import") && !follows(at, Kind.DOT)) {
        importNames(at + 1, "");
      } else if (tokens.isName(at, "from") && tokens.kind(at + 1) == Kind.NAME) {
        var end = tokens.dottedEnd(at + 1);
        if (tokens.isName(end, "import")) {
          importNames(
              tokens.kind(end + 1) == Kind.LPAR ? end + 2 : end + 1, tokens.text(at + 1, end));
          at = end;
        }
      }
    }
  }

  /** Reads names behind {@code import}; they are parts of a module if it is not empty. */
  private void importNames(int begin, String module) {
    var at = begin;
    for (var end = tokens.dottedEnd(at); end > at; end = tokens.dottedEnd(at)) {
      var name = tokens.text(at, end);
      var whole = module.isEmpty() ? name : module + "." + name;
      use(whole, at);
      var hasAlias = tokens.isName(end, "as") && tokens.kind(end + 1) == Kind.NAME;
      if (hasAlias) {
        imported.put(tokens.text(end + 1), whole);
      } else {
        var local = DottedName.top(name);
        imported.put(local, module.isEmpty() ? local : whole);
      }
      at = hasAlias ? end + 2 : end;
      at = tokens.kind(at) == Kind.COMMA ? at + 1 : at;
    }
  }

  private void readUses() {
    for (int at = 0; at < tokens.size(); at++) {
      if (tokens.kind(at) != Kind.NAME || follows(at, Kind.DOT)) {
        continue;
      }
      var end = tokens.dottedEnd(at);
      var name = tokens.text(at, end);
      if (ASKING.contains(name)) {
        asks(end);
      }
      var module = imported.get(DottedName.top(name));
      if (module != null && tokens.kind(end) != Kind.EQUAL) {
        use(module + name.substring(DottedName.top(name).length()), at);
      }
    }
    for (int at = 1; at < tokens.size(); at++) {
      if (tokens.isName(at, "strftime") && follows(at, Kind.DOT)) {
        format(at);
      }
    }
  }

  /** Keeps the literal of {@code moment.strftime("…")}; the function of {@code time} is another. */
  private void format(int at) {
    var isOfTime =
        tokens.kind(at - 2) == Kind.NAME
            && "time".equals(imported.get(tokens.text(at - 2)))
            && !follows(at - 2, Kind.DOT);
    if (!isOfTime && tokens.kind(at + 1) == Kind.LPAR && tokens.kind(at + 2) == Kind.STRING) {
      tokens
          .literal(at + 2, tokens.literalEnd(at + 2))
          .ifPresent(format -> uses.add(new Use("strftime", format, tokens.line(at))));
    }
  }

  /** Keeps the text in {@code (module, "name")}. */
  private void asks(int begin) {
    if (tokens.kind(begin) != Kind.LPAR) {
      return;
    }
    for (int at = begin; at < tokens.partner(begin); at++) {
      if (tokens.kind(at) == Kind.STRING) {
        tokens.literal(at, at + 1).ifPresent(asked::add);
      }
    }
  }

  private boolean follows(int at, int kind) {
    return at > 0 && tokens.kind(at - 1) == kind;
  }

  private void use(String name, int at) {
    if (DottedName.isShort(name) && conditions.certainty(at, true) != Certainty.GUARDED) {
      uses.add(new Use(name, "", tokens.line(at)));
    }
  }
}
