package dev.hearth.kit.events;

/**
 * Free text from users and tools on its way into an event: Kafka bounds its size, PostgreSQL takes
 * no NUL.
 */
public final class EventText {

  private static final int LONGEST = 16 * 1024;

  private EventText() {}

  /**
   * The text without NUL, and its last part only when it is long: that is where a traceback says
   * what happened.
   */
  public static String limited(String text) {
    var clean = text.replace('\0', '\uFFFD');
    return clean.length() <= LONGEST ? clean : "…" + clean.substring(clean.length() - LONGEST);
  }
}
