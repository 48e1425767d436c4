package dev.hearth.build.reach;

import static java.lang.Integer.MAX_VALUE;

import com.oracle.graal.python.pegparser.tokenizer.Token.Kind;
import dev.hearth.build.reach.ModuleImports.Certainty;
import java.util.BitSet;
import java.util.Set;

/**
 * Decides for each token of a file whether it runs only under a condition and whether its failure
 * is handled.
 */
final class Conditions {

  private static final Set<String> IMPORT_ERRORS = Set.of("ImportError", "ModuleNotFoundError");

  private static final Set<String> ALL_ERRORS = Set.of("Exception", "BaseException");

  private final Tokens tokens;
  private final boolean isUsers;
  private final int[] colons;
  private final BitSet guarded = new BitSet();
  private final BitSet passed = new BitSet();
  private final BitSet called = new BitSet();

  /** Colons of functions that were already read, so that malformed files take linear time. */
  private final BitSet functions = new BitSet();

  private Conditions(Tokens tokens, boolean isUsers) {
    this.tokens = tokens;
    this.isUsers = isUsers;
    this.colons = colons(tokens);
  }

  /**
   * Reads a file.
   *
   * @param isUsers true for the user's own code: imports in its functions count as certain, and a
   *     handler of all errors does not make an import optional
   */
  static Conditions of(Tokens tokens, boolean isUsers) {
    var conditions = new Conditions(tokens, isUsers);
    for (int at = 0; at < tokens.size(); at++) {
      conditions.read(at);
    }
    return conditions;
  }

  /**
   * Returns how certain an import is. It is guarded in a {@code try} whose handler catches
   * ImportError and raises nothing, in the {@code else} of such a {@code try}, and in a {@code with
   * suppress(ImportError)}.
   *
   * @param isAlways true if an unguarded import outside of functions is certain
   */
  Certainty certainty(int at, boolean isAlways) {
    if (guarded.get(at)) {
      return Certainty.GUARDED;
    }
    if (called.get(at) && !isUsers) {
      return Certainty.CALLED;
    }
    return isAlways ? Certainty.CERTAIN : Certainty.CONDITIONAL;
  }

  private void read(int at) {
    if (tokens.kind(at) != Kind.NAME) {
      return;
    }
    if (tokens.isName(at, "try") && tokens.kind(at + 1) == Kind.COLON && beginsLine(at)) {
      guardTry(at + 2);
    } else if (tokens.isName(at, "suppress") && tokens.kind(at + 1) == Kind.LPAR) {
      guardWith(at + 1);
    } else if (tokens.isName(at, "with") || tokens.isName(at, "class")) {
      pass(colon(at) + 1);
    } else if (tokens.isName(at, "finally")) {
      pass(at + 2);
    } else if (tokens.isName(at, "def")) {
      var colon = colon(at);
      if (!functions.get(colon)) {
        functions.set(colon);
        called.set(colon, tokens.behindBlock(colon + 1));
      }
    }
  }

  /** Returns true if a token is the first of its line. */
  private boolean beginsLine(int at) {
    return switch (tokens.kind(at - 1)) {
      case Kind.NEWLINE, Kind.INDENT, Kind.DEDENT, Kind.ENDMARKER -> true;
      default -> false;
    };
  }

  private void guardTry(int body) {
    var end = tokens.behindBlock(body);
    var isGuard = false;
    var isPassed = true;
    var at = end;
    while (tokens.isName(at, "except")) {
      var colon = colon(at);
      var next = tokens.behindBlock(colon + 1);
      isGuard |= takes(at, colon) && !raises(colon, next, MAX_VALUE);
      isPassed &= !takes(at, colon) || raises(colon, next, 1);
      at = next;
    }
    if (isPassed) {
      pass(body);
    }
    if (isGuard) {
      guarded.set(body, end);
      if (tokens.isName(at, "else")) {
        guarded.set(at, tokens.behindBlock(at + 2));
      }
    }
  }

  private void guardWith(int bracket) {
    var behind = tokens.partner(bracket) + 1;
    if (tokens.kind(behind) == Kind.COLON && names(bracket, behind)) {
      guarded.set(behind, tokens.behindBlock(behind + 1));
      // Undoes the marking by the enclosing "with".
      passed.clear(behind + 2);
    }
  }

  /**
   * Returns true if a handler catches a failed import; a handler without a type catches everything.
   */
  private boolean takes(int except, int colon) {
    return (colon == except + 1 && !isUsers) || names(except, colon);
  }

  private boolean names(int from, int end) {
    for (int at = from; at < end; at++) {
      if (tokens.kind(at) == Kind.NAME
          && (IMPORT_ERRORS.contains(tokens.text(at))
              || (!isUsers && ALL_ERRORS.contains(tokens.text(at))))) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if a handler raises an error, searching nested blocks down to a depth. */
  private boolean raises(int colon, int end, int deepest) {
    var depth = 0;
    for (int at = colon; at < end; at++) {
      depth += tokens.kind(at) == Kind.INDENT ? 1 : tokens.kind(at) == Kind.DEDENT ? -1 : 0;
      if (depth <= deepest && tokens.isName(at, "raise")) {
        return true;
      }
    }
    return false;
  }

  /** Marks a block whose content runs whenever the block is reached. */
  private void pass(int block) {
    if (tokens.kind(block) == Kind.NEWLINE && tokens.kind(block + 1) == Kind.INDENT) {
      passed.set(block + 1);
    }
  }

  /** Returns true if the block that is indented here runs whenever it is reached. */
  boolean isPassed(int indent) {
    return passed.get(indent);
  }

  /** Returns the colon that ends a block's header, or the end of a line without one. */
  private int colon(int from) {
    return colons[Math.min(from, colons.length - 1)];
  }

  /** Returns for each token the next colon outside of brackets. */
  private static int[] colons(Tokens tokens) {
    var colons = new int[tokens.size() + 1];
    colons[tokens.size()] = tokens.size();
    for (int at = tokens.size() - 1; at >= 0; at--) {
      colons[at] =
          switch (tokens.kind(at)) {
            case Kind.COLON, Kind.NEWLINE, Kind.ENDMARKER -> at;
            default -> colons[tokens.isOpening(at) ? Math.max(at, tokens.partner(at)) + 1 : at + 1];
          };
    }
    return colons;
  }
}
