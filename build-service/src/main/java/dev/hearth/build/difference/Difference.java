package dev.hearth.build.difference;

/**
 * A part of the standard library that behaves differently on the target.
 *
 * @param group heading in the documentation
 * @param use a dotted name, {@code strftime} with a pattern of directives, or a description
 * @param isFound true if code can be searched for the use
 * @param effect what happens
 * @param instead what to use instead, or a dash
 */
record Difference(String group, String use, boolean isFound, String effect, String instead) {

  /** Begins the pattern of a format whose directives differ. */
  private static final String FORMAT = "strftime ";

  boolean isFormat() {
    return isFound && use.startsWith(FORMAT);
  }

  String pattern() {
    return use.substring(FORMAT.length());
  }

  /** Returns true if a dotted name is the one that differs, or an attribute of it. */
  boolean concerns(String name) {
    return isFound && (name.equals(use) || name.startsWith(use + "."));
  }

  /** Returns a sentence for the build's log. */
  String sentence() {
    var advice = instead.equals("–") ? "" : "; use " + instead.replace("`", "");
    var plain = effect.replace("`", "");
    return isFormat() ? plain + advice : use + ": " + plain + advice;
  }
}
