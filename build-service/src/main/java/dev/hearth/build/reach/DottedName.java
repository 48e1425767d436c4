package dev.hearth.build.reach;

/** Functions on dotted names of modules. */
final class DottedName {

  /** Longest name of a module; a file could not have a longer one. */
  private static final int LONGEST = 1000;

  private DottedName() {}

  /** Returns true if a name is short enough to be a module's. */
  static boolean isShort(CharSequence name) {
    return name.length() <= LONGEST;
  }

  /** Returns the name of the module in a file below a folder on {@code sys.path}. */
  static String ofFile(String path) {
    var withoutEnding = path.substring(0, path.length() - ".py".length());
    var withoutInit =
        withoutEnding.endsWith("/__init__")
            ? withoutEnding.substring(0, withoutEnding.length() - "/__init__".length())
            : withoutEnding;
    return withoutInit.replace('/', '.');
  }

  /** Returns the name without its last part; empty for a top-level name. */
  static String parent(String name) {
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }

  /** Returns the first part of a name. */
  static String top(String name) {
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  /**
   * Returns the absolute name of a relative import.
   *
   * @param packageName package that contains the import
   * @param level number of leading dots; 0 for an absolute import
   * @param name name after the dots; may be empty
   */
  static String absolute(String packageName, int level, String name) {
    if (level == 0) {
      return name;
    }
    var base = packageName;
    for (int i = 1; i < level; i++) {
      base = parent(base);
    }
    return name.isEmpty() ? base : base.isEmpty() ? name : base + "." + name;
  }

  /** Returns the absolute name of a name with leading dots. */
  static String absolute(String packageName, String name) {
    var level = 0;
    while (level < name.length() && name.charAt(level) == '.') {
      level++;
    }
    return absolute(packageName, level, name.substring(level));
  }
}
