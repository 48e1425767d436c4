package dev.hearth.build.reach;

/** Names of modules, as Python writes them. */
final class DottedName {

  /** What is longer is no module's: its file could not be named so. */
  private static final int LONGEST = 1000;

  private DottedName() {}

  /** Whether a module could be called that, by its length. */
  static boolean isShort(CharSequence name) {
    return name.length() <= LONGEST;
  }

  /** Of the module in a file below a folder on {@code sys.path}. */
  static String ofFile(String path) {
    var withoutEnding = path.substring(0, path.length() - ".py".length());
    var withoutInit =
        withoutEnding.endsWith("/__init__")
            ? withoutEnding.substring(0, withoutEnding.length() - "/__init__".length())
            : withoutEnding;
    return withoutInit.replace('/', '.');
  }

  /** Without the last part; empty for a top-level name. */
  static String parent(String name) {
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }

  /** The first part. */
  static String top(String name) {
    return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
  }

  /**
   * What a relative import means.
   *
   * @param packageName where it stands
   * @param level how many dots it begins with; 0 for an absolute one
   * @param name behind the dots; may be empty
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

  /** The same for a name that has its dots. */
  static String absolute(String packageName, String name) {
    var level = 0;
    while (level < name.length() && name.charAt(level) == '.') {
      level++;
    }
    return absolute(packageName, level, name.substring(level));
  }
}
