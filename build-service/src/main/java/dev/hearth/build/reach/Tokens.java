package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.ParserCallbacks;
import com.oracle.graal.python.pegparser.tokenizer.SourceRange;
import com.oracle.graal.python.pegparser.tokenizer.Token;
import com.oracle.graal.python.pegparser.tokenizer.Token.Kind;
import com.oracle.graal.python.pegparser.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one Python file, from GraalPy's own tokenizer: without comments and blank lines,
 * with INDENT and DEDENT around blocks. A token is identified by its index.
 */
final class Tokens {

  private static final int NONE = -1;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Longest string literal that can be a module's name. */
  private static final int LONGEST_NAME = 200;

  private final int[] source;
  private int[] kinds = new int[256];
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private int[] partners = new int[256];
  private int[] lineEnds = new int[256];
  private int size;

  private Tokens(int[] source) {
    this.source = source;
  }

  /** Signals that a source is not valid Python. */
  static final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1;

    private UnreadableException(@Nullable String message) {
      super(message);
    }
  }

  /** Tokenizes a source. */
  static Tokens of(byte[] bytes) throws UnreadableException {
    try {
      var tokenizer =
          Tokenizer.fromString(
              new Callbacks(), decoded(bytes), EnumSet.noneOf(Tokenizer.Flag.class), null);
      var tokens = new Tokens(tokenizer.getCodePointsInput().getBuffer());
      Token token;
      do {
        token = tokenizer.next();
        tokens.add(token);
      } while (token.type != Kind.ENDMARKER && token.type != Kind.ERRORTOKEN);
      if (token.type == Kind.ERRORTOKEN) {
        throw new UnreadableException("line " + token.sourceRange.startLine);
      }
      tokens.pair();
      tokens.findLineEnds();
      return tokens;
    } catch (BrokenSource broken) {
      throw new UnreadableException(broken.getMessage());
    }
  }

  /** Decodes a source. Its encoding does not matter, because module names are ASCII. */
  private static String decoded(byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private void add(Token token) {
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    kinds[size] = token.type;
    starts[size] = token.startOffset;
    ends[size] = token.endOffset;
    size++;
  }

  /** Finds the matching bracket of each bracket. */
  private void pair() {
    partners = new int[size];
    Arrays.fill(partners, NONE);
    var open = new int[size];
    var depth = 0;
    for (int at = 0; at < size; at++) {
      switch (kinds[at]) {
        case Kind.LPAR, Kind.LSQB, Kind.LBRACE -> open[depth++] = at;
        case Kind.RPAR, Kind.RSQB, Kind.RBRACE -> {
          if (depth > 0) {
            depth--;
            partners[at] = open[depth];
            partners[open[depth]] = at;
          }
        }
        default -> {}
      }
    }
  }

  private void findLineEnds() {
    lineEnds = new int[size];
    for (int at = size - 1, end = size; at >= 0; at--) {
      end = kinds[at] == Kind.NEWLINE || kinds[at] == Kind.ENDMARKER ? at : end;
      lineEnds[at] = end;
    }
  }

  int size() {
    return size;
  }

  /** Returns the {@link Kind} of a token; ENDMARKER for an index outside of the file. */
  int kind(int at) {
    return at >= 0 && at < size ? kinds[at] : Kind.ENDMARKER;
  }

  /** Returns the source text of a token. */
  String text(int at) {
    return new String(source, starts[at], ends[at] - starts[at]);
  }

  /** Returns the line that a token begins in, from 1. */
  int line(int at) {
    var line = 1;
    for (int index = 0; index < starts[at]; index++) {
      line += source[index] == '\n' ? 1 : 0;
    }
    return line;
  }

  boolean isName(int at, String name) {
    return kind(at) == Kind.NAME && ends[at] - starts[at] == name.length() && text(at).equals(name);
  }

  boolean isOpening(int at) {
    return switch (kind(at)) {
      case Kind.LPAR, Kind.LSQB, Kind.LBRACE -> true;
      default -> false;
    };
  }

  /** Returns the matching bracket, or the last token if there is none. */
  int partner(int at) {
    return partners[at] == NONE ? size - 1 : partners[at];
  }

  /** Returns the index after the dotted name that begins here, or this index if none does. */
  int dottedEnd(int at) {
    if (kind(at) != Kind.NAME) {
      return at;
    }
    var end = at + 1;
    while (kind(end) == Kind.DOT && kind(end + 1) == Kind.NAME) {
      end += 2;
    }
    return end;
  }

  /** Returns the joined text of several tokens, without white space. */
  String text(int from, int end) {
    var text = new StringBuilder();
    for (int at = from; at < end; at++) {
      text.append(text(at));
    }
    return text.toString();
  }

  /** Returns the index after a block: an indented one, or the statements on the same line. */
  int behindBlock(int begin) {
    var at = begin < size ? lineEnds[begin] : begin;
    var isIndented = at == begin && kind(at + 1) == Kind.INDENT;
    var depth = 0;
    do {
      at++;
      depth += kind(at) == Kind.INDENT ? 1 : kind(at) == Kind.DEDENT ? -1 : 0;
    } while (isIndented && depth > 0 && kind(at) != Kind.ENDMARKER);
    return isIndented ? at + 1 : at;
  }

  /**
   * Returns the index after the string literal that begins here and the literals concatenated to
   * it.
   */
  int literalEnd(int at) {
    var end = at + 1;
    while (kind(end) == Kind.STRING) {
      end++;
    }
    return end;
  }

  /**
   * Returns the value of a string literal.
   *
   * @return nothing if the literal cannot be a name: too long, bytes, or with escapes
   */
  Optional<String> literal(int from, int end) {
    var text = new StringBuilder();
    for (int at = from; at < end; at++) {
      if (ends[at] - starts[at] > LONGEST_NAME) {
        return Optional.empty();
      }
      var written = text(at);
      var content = kinds[at] == Kind.FSTRING_MIDDLE ? Optional.of(written) : content(written);
      if (content.isEmpty() || content.get().indexOf('\\') >= 0) {
        return Optional.empty();
      }
      text.append(content.get());
      if (!DottedName.isShort(text)) {
        return Optional.empty();
      }
    }
    return Optional.of(text.toString());
  }

  private static Optional<String> content(String written) {
    var quote = 0;
    while (written.charAt(quote) != '"' && written.charAt(quote) != '\'') {
      quote++;
    }
    if (written.substring(0, quote).toLowerCase(Locale.ROOT).contains("b")) {
      return Optional.empty();
    }
    var mark = written.substring(quote, quote + 1);
    var marks = written.startsWith(mark.repeat(3), quote) && written.length() >= quote + 6 ? 3 : 1;
    return Optional.of(written.substring(quote + marks, written.length() - marks));
  }

  private static final class BrokenSource extends RuntimeException {

    private static final long serialVersionUID = 1;

    private BrokenSource(String message) {
      super(message);
    }
  }

  private static final class Callbacks implements ParserCallbacks {

    @Override
    public void safePointPoll() {}

    @Override
    public RuntimeException reportIncompleteSource(int line) {
      return new BrokenSource("line " + line);
    }

    @Override
    public RuntimeException onError(ErrorType type, SourceRange range, String message) {
      return new BrokenSource("line %d: %s".formatted(range.startLine, message));
    }

    @Override
    public void onWarning(WarningType type, SourceRange range, String message) {}
  }
}
