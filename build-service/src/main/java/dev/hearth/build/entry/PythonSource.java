package dev.hearth.build.entry;

import com.google.re2j.Pattern;
import com.oracle.graal.python.pegparser.AbstractParser;
import com.oracle.graal.python.pegparser.InputType;
import com.oracle.graal.python.pegparser.Parser;
import com.oracle.graal.python.pegparser.ParserCallbacks;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.sst.SSTNode;
import com.oracle.graal.python.pegparser.sst.StmtTy;
import com.oracle.graal.python.pegparser.tokenizer.SourceRange;
import dev.hearth.build.project.SourceText;
import dev.hearth.build.project.SourceText.NotTextException;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * Parses Python with GraalPy's own parser, a plain Java library. It accepts exactly what the
 * interpreter accepts, without starting one (docs/adr/0002).
 *
 * @param lines the file's lines
 * @param statements the top-level statements
 */
record PythonSource(List<String> lines, List<StmtTy> statements) {

  private static final int PYTHON_MINOR_VERSION = 12;

  /**
   * Largest file that is parsed, in bytes. A syntax tree takes several hundred times the memory of
   * its text.
   */
  private static final long LARGEST = 256 << 10;

  /** String literals of one line, and comments. */
  private static final Pattern NO_CODE =
      Pattern.compile("\"(?:\\\\[\\s\\S]|[^\"\\\\])*\"|'(?:\\\\[\\s\\S]|[^'\\\\])*'|#.*");

  /** Returns true if a file is small enough to be parsed. */
  static boolean isParsed(Path file) {
    return size(file) <= LARGEST;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Parses a file.
   *
   * @throws HearthException {@link ErrorCode#SYNTAX_ERROR} with file and line
   */
  static PythonSource parse(Path folder, Path file) {
    var name = folder.relativize(file).toString();
    if (!isParsed(file)) {
      throw new HearthException(
          ErrorCode.ENTRY_NOT_FOUND,
          "%s is %d KiB long, but entries are searched only in modules of at most %d KiB. Name the entry in [tool.hearth]."
              .formatted(name, size(file) >> 10, LARGEST >> 10));
    }
    var text = text(file, name);
    var parser =
        new Parser(
            text,
            new Callbacks(name),
            InputType.FILE,
            EnumSet.noneOf(AbstractParser.Flags.class),
            PYTHON_MINOR_VERSION);
    try {
      var statements =
          parser.parse() instanceof ModTy.Module module && module.body != null
              ? List.of(module.body)
              : List.<StmtTy>of();
      return new PythonSource(text.lines().toList(), statements);
    } catch (StackOverflowError _) {
      throw new HearthException(
          ErrorCode.SYNTAX_ERROR, name + " is nested too deeply. Split its largest expression.");
    }
  }

  private static String text(Path file, String name) {
    try {
      return SourceText.decode(Files.readAllBytes(file));
    } catch (NotTextException broken) {
      throw new HearthException(ErrorCode.SYNTAX_ERROR, name + " " + broken.getMessage(), broken);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Returns the lines of a statement or expression without string literals and comments. */
  String code(SSTNode node) {
    var range = node.getSourceRange();
    var end = Math.min(range.endLine, lines.size());
    return range.startLine > end
        ? ""
        : NO_CODE
            .matcher(String.join("\n", lines.subList(range.startLine - 1, end)))
            .replaceAll(" ");
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
