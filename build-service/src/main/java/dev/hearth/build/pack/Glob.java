package dev.hearth.build.pack;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;

/**
 * A pattern of paths: {@code *} and {@code ?} match within one name, {@code **} matches anything.
 * Patterns are untrusted, so matching takes time linear in the path's length.
 */
public final class Glob {

  private static final int LONGEST = 500;

  private final Pattern pattern;

  private Glob(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles a pattern.
   *
   * @param where where the pattern stands, for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID} if it is too long
   */
  public static Glob of(String glob, String where) {
    return of(glob, "", 0, where);
  }

  /** Compiles a pattern that ignores case. */
  static Glob ofName(String glob) {
    return of(glob, "", Pattern.CASE_INSENSITIVE, "a rule");
  }

  /** Compiles a pattern that is followed by a regular expression. */
  static Glob followedBy(String end, String glob, String where) {
    return of(glob, end, 0, where);
  }

  private static Glob of(String glob, String end, int flags, String where) {
    try {
      if (glob.length() <= LONGEST) {
        return new Glob(Pattern.compile(expression(glob) + end, flags | Pattern.DOTALL));
      }
    } catch (PatternSyntaxException broken) {
      throw invalid(where, glob, broken.getDescription());
    }
    throw invalid(where, glob.substring(0, LONGEST) + "…", "at most " + LONGEST + " characters");
  }

  private static HearthException invalid(String where, String glob, String why) {
    return new HearthException(
        ErrorCode.PROJECT_INVALID,
        "%s has an invalid pattern: %s (%s).".formatted(where, glob, why));
  }

  /** Returns true if the whole text matches. */
  public boolean fits(String text) {
    return pattern.matches(text);
  }

  private static String expression(String glob) {
    var expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      if (glob.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else {
        expression.append(
            switch (glob.charAt(i)) {
              case '*' -> "[^/]*";
              case '?' -> "[^/]";
              default -> Pattern.quote(glob.substring(i, i + 1));
            });
      }
    }
    return expression.toString();
  }
}
