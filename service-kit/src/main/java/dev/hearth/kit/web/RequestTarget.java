package dev.hearth.kit.web;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Path and query of a request on their way to the next hop. */
public final class RequestTarget {

  /** What a server makes of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final int FIRST_BEYOND_ASCII = 0x80;

  /** Characters of a query besides letters and digits (RFC 3986, 3.4), except the percent sign. */
  private static final String PLAIN = "-._~!$&'()*+,;=:@/?";

  private RequestTarget() {}

  /** Returns false if the client sent bytes that are not UTF-8, so that the target is unknown. */
  public static boolean isKnown(String pathQuery) {
    return pathQuery.indexOf(REPLACEMENT) < 0;
  }

  /**
   * Returns a text with one character for each byte, because a client sends characters as Latin-1
   * and a server reads them as UTF-8.
   */
  public static String onWire(String text) {
    return text.chars().allMatch(character -> character < FIRST_BEYOND_ASCII)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Returns the part that the request line to the next hop carries. */
  public static String line(String pathQuery) {
    var mark = pathQuery.indexOf('?');
    return onWire(mark < 0 || isPlain(pathQuery, mark) ? pathQuery : pathQuery.substring(0, mark));
  }

  /**
   * Returns a query that the request line to the next hop cannot carry, because Jetty's client
   * reads it as a URI; a header carries it.
   */
  public static Optional<String> query(String pathQuery) {
    var mark = pathQuery.indexOf('?');
    return mark < 0 || isPlain(pathQuery, mark)
        ? Optional.empty()
        : Optional.of(onWire(pathQuery.substring(mark + 1)));
  }

  private static boolean isPlain(String pathQuery, int mark) {
    for (int i = mark + 1; i < pathQuery.length(); i++) {
      var character = pathQuery.charAt(i);
      if (character == '%' ? !isEncoding(pathQuery, i) : !isPlain(character)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || PLAIN.indexOf(character) >= 0;
  }

  private static boolean isEncoding(String text, int percent) {
    return percent + 2 < text.length()
        && Character.digit(text.charAt(percent + 1), 16) >= 0
        && Character.digit(text.charAt(percent + 2), 16) >= 0;
  }
}
