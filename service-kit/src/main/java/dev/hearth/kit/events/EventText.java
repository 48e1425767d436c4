package dev.hearth.kit.events;

/**
 * Prepares free text of users and tools for an event: Kafka limits its size, and PostgreSQL takes
 * no NUL.
 */
public final class EventText {

  private static final int LONGEST = 16 * 1024;

  private EventText() {}

  /**
   * Returns the text without NUL. Of a long text only the last part is kept: a traceback says there
   * what happened.
   */
  public static String limited(String text) {
    var clean = text.replace('\0', '\uFFFD');
    return clean.length() <= LONGEST ? clean : "…" + clean.substring(clean.length() - LONGEST);
  }
}
