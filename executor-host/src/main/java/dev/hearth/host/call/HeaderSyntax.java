package dev.hearth.host.call;

/** Checks names and values of headers (RFC 9110, 5.1 and 5.5). */
final class HeaderSyntax {

  /** Characters of a token besides letters and digits. */
  private static final String TOKEN = "!#$%&'*+-.^_`|~";

  private static final int LAST_LATIN_1 = 0xff;
  private static final int DELETE = 0x7f;

  private HeaderSyntax() {}

  /**
   * Checks one header.
   *
   * @throws InvalidAnswerException with the header's name and the character that is not allowed
   */
  static void check(String name, String value) throws InvalidAnswerException {
    if (name.isEmpty()) {
      throw new InvalidAnswerException("a header has no name");
    }
    for (int i = 0; i < name.length(); i++) {
      if (!isToken(name.charAt(i))) {
        throw new InvalidAnswerException(
            "the header name %s has %s".formatted(quoted(name), described(name.charAt(i))));
      }
    }
    for (int i = 0; i < value.length(); i++) {
      var character = value.charAt(i);
      if (character > LAST_LATIN_1) {
        throw new InvalidAnswerException(
            "the value of the header %s has %s, which is not Latin-1; encode the value, for example with urllib.parse.quote"
                .formatted(quoted(name), described(character)));
      }
      if ((character < ' ' && character != '\t') || character == DELETE) {
        throw new InvalidAnswerException(
            "the value of the header %s has %s".formatted(quoted(name), described(character)));
      }
    }
  }

  private static boolean isToken(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || TOKEN.indexOf(character) >= 0;
  }

  private static String described(char character) {
    return "the character U+%04X".formatted((int) character);
  }

  /** Quotes a name, without characters that would break a line of the log. */
  private static String quoted(String name) {
    return '"' + name.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
