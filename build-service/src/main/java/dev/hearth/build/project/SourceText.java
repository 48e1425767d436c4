package dev.hearth.build.project;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decodes text as Python and pip do: by a byte order mark, then by a declaration in one of the
 * first two lines (PEP 263), else as UTF-8.
 */
public final class SourceText {

  private static final Pattern DECLARATION =
      Pattern.compile("^[ \\t\\f]*#.*?coding[:=][ \\t]*([-\\w.]+)");

  private static final Pattern BLANK = Pattern.compile("[ \\t\\f]*(#.*)?");

  private static final int LINES_READ = 2;

  /** Longest beginning of a file that is searched for a declaration, in bytes. */
  private static final int LONGEST_BEGINNING = 4096;

  /** Byte order marks; those of UTF-32 begin with those of UTF-16 and therefore come first. */
  private static final Map<String, Charset> MARKS = new LinkedHashMap<>();

  static {
    MARKS.put("\u00ef\u00bb\u00bf", StandardCharsets.UTF_8);
    MARKS.put("\u00ff\u00fe\0\0", Charset.forName("UTF-32LE"));
    MARKS.put("\0\0\u00fe\u00ff", Charset.forName("UTF-32BE"));
    MARKS.put("\u00ff\u00fe", StandardCharsets.UTF_16LE);
    MARKS.put("\u00fe\u00ff", StandardCharsets.UTF_16BE);
  }

  private SourceText() {}

  /**
   * Signals that bytes are no text.
   *
   * <p>Its message is a sentence's end, as in "is not UTF-8 text. Save it as UTF-8."
   */
  public static final class NotTextException extends Exception {

    private static final long serialVersionUID = 1;

    private NotTextException(String message) {
      super(message);
    }
  }

  /** Decodes a file's content; the byte order mark is left out. */
  public static String decode(byte[] bytes) throws NotTextException {
    var start =
        new String(
            bytes, 0, Math.min(bytes.length, LONGEST_BEGINNING), StandardCharsets.ISO_8859_1);
    for (var mark : MARKS.entrySet()) {
      if (start.startsWith(mark.getKey())) {
        return decode(bytes, mark.getKey().length(), mark.getValue());
      }
    }
    var declared = declared(start);
    return decode(
        bytes, 0, declared.isPresent() ? charset(declared.get()) : StandardCharsets.UTF_8);
  }

  private static Optional<String> declared(String start) {
    for (var line : start.lines().limit(LINES_READ).toList()) {
      var declaration = DECLARATION.matcher(line);
      if (declaration.find()) {
        return Optional.of(declaration.group(1));
      }
      if (!BLANK.matcher(line).matches()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Returns the charset of one of Python's encodings, whose names differ from Java's at times. */
  private static Charset charset(String encoding) throws NotTextException {
    var name = encoding.toLowerCase(Locale.ROOT).replace('_', '-');
    if (name.equals("utf-8") || name.startsWith("utf-8-")) {
      return StandardCharsets.UTF_8;
    }
    if (name.startsWith("latin-1") || name.startsWith("iso-latin-1")) {
      return StandardCharsets.ISO_8859_1;
    }
    try {
      return Charset.forName(name.startsWith("mac-") ? "x-" + name.replace("-", "") : name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
      throw new NotTextException(
          "declares the unknown encoding %s. Save it as UTF-8.".formatted(encoding));
    }
  }

  private static String decode(byte[] bytes, int from, Charset charset) throws NotTextException {
    try {
      return charset
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
          .toString();
    } catch (CharacterCodingException _) {
      throw new NotTextException("is not %s text. Save it as UTF-8.".formatted(charset.name()));
    }
  }
}
