package dev.hearth.kit.events;

/**
 * Prepares text of users and tools for an event. Kafka limits its size, and PostgreSQL rejects NUL.
 */
public final class EventText {

  private static final int LONGEST = 16 * 1024;

  private EventText() {}

  /**
   * Returns the text without NUL. Keeps only the end of a long text, because a traceback ends with
   * the error.
   */
  public static String limited(String text) {
    var clean = text.replace('\0', '\uFFFD');
    return clean.length() <= LONGEST ? clean : "…" + clean.substring(clean.length() - LONGEST);
  }
}
