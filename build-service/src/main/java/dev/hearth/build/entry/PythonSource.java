package dev.hearth.build.entry;

import com.oracle.graal.python.pegparser.AbstractParser;
import com.oracle.graal.python.pegparser.InputType;
import com.oracle.graal.python.pegparser.Parser;
import com.oracle.graal.python.pegparser.ParserCallbacks;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import com.oracle.graal.python.pegparser.tokenizer.SourceRange;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * Parses Python with GraalPy's own parser, a plain Java library. It accepts exactly what the
 * interpreter accepts, without starting one (docs/adr/0002).
 */
public final class PythonSource {

  private static final int PYTHON_MINOR_VERSION = 12;

  /**
   * Largest file that is parsed, in bytes. A syntax tree takes several hundred times the memory of
   * its text.
   */
  private static final long LARGEST = 256 << 10;

  private PythonSource() {}

  /** Returns true if a file is small enough to be parsed. */
  static boolean isParsed(Path file) {
    return size(file) <= LARGEST;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /**
   * Parses a file and returns its top-level statements.
   *
   * @throws HearthException {@link ErrorCode#SYNTAX_ERROR} with file and line
   */
  public static List<StmtTy> parse(Path folder, Path file) {
    var name = folder.relativize(file).toString();
    String text;
    try {
      if (!isParsed(file)) {
        throw new HearthException(
            ErrorCode.ENTRY_NOT_FOUND,
            "%s is %d KiB long, but entries are searched only in modules of at most %d KiB. Name the entry in [tool.hearth]."
                .formatted(name, size(file) >> 10, LARGEST >> 10));
      }
      text = Files.readString(file);
    } catch (CharacterCodingException _) {
      throw new HearthException(
          ErrorCode.SYNTAX_ERROR, name + " is not UTF-8 text. Save it as UTF-8.");
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
    var parser =
        new Parser(
            text,
            new Callbacks(name),
            InputType.FILE,
            EnumSet.noneOf(AbstractParser.Flags.class),
            PYTHON_MINOR_VERSION);
    try {
      return parser.parse() instanceof ModTy.Module module && module.body != null
          ? List.of(module.body)
          : List.of();
    } catch (StackOverflowError _) {
      throw new HearthException(
          ErrorCode.SYNTAX_ERROR, name + " is nested too deeply. Split its largest expression.");
    }
  }

  private record Callbacks(String file) implements ParserCallbacks {

    @Override
    public void safePointPoll() {}

    @Override
    public RuntimeException reportIncompleteSource(int line) {
      return error(line, "unexpected end of file");
    }

    @Override
    public RuntimeException onError(ErrorType type, SourceRange range, String message) {
      return error(range.startLine, message);
    }

    @Override
    public void onWarning(WarningType type, SourceRange range, String message) {}

    private HearthException error(int line, String message) {
      return new HearthException(
          ErrorCode.SYNTAX_ERROR, "%s, line %d: %s".formatted(file, line, message));
    }
  }
}
