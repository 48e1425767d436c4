package dev.hearth.build.pack;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is left out of an artifact. Data files, licences and the metadata that {@code
 * importlib.metadata} reads stay.
 *
 * <p>A folder named {@code test} may be a package that programs import (django.test), so it goes
 * only when it looks like tests; {@code docs} goes only without modules in it.
 */
final class PruningRules {

  private static final Set<String> FOLDERS =
      Set.of(
          "__pycache__",
          ".git",
          ".hg",
          ".svn",
          ".venv",
          "venv",
          ".tox",
          ".nox",
          ".idea",
          ".vscode",
          ".pytest_cache",
          ".mypy_cache",
          ".ruff_cache",
          ".hearth",
          "node_modules",
          "tests");

  private static final Set<String> DOCUMENTATION = Set.of("docs", "doc");

  private static final Set<String> ENDINGS =
      Set.of(".pyc", ".pyo", ".pyi", ".h", ".hpp", ".c", ".cc", ".cpp", ".pyx", ".pxd");

  /** Written by the installer, different from one installation to the next. */
  private static final Set<String> INSTALLER_FILES =
      Set.of("INSTALLER", "REQUESTED", "uv_build.json", "uv_cache.json", "direct_url.json");

  private static final Pattern TEST_MODULE = Pattern.compile("(test_.*|.*_test|conftest)\\.py");

  private PruningRules() {}

  /** Whether a folder goes, given its name and the names of what is in it. */
  static boolean dropsFolder(String name, List<String> content) {
    if (FOLDERS.contains(name)) {
      return true;
    }
    if (name.equals("test")) {
      return content.stream().anyMatch(file -> TEST_MODULE.matcher(file).matches());
    }
    return DOCUMENTATION.contains(name) && content.stream().noneMatch(file -> file.endsWith(".py"));
  }

  /** Whether a file goes, given its name and its folder's. */
  static boolean dropsFile(String folder, String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (ENDINGS.stream().anyMatch(lower::endsWith)) {
      return true;
    }
    return folder.endsWith(".dist-info") && INSTALLER_FILES.contains(name);
  }
}
