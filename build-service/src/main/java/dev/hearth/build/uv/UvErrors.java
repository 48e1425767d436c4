package dev.hearth.build.uv;

import dev.hearth.build.python.Target;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Translates uv's output into errors for users. */
public final class UvErrors {

  /** Matches a release that uv reports to have no usable wheel. */
  public static final Pattern WITHOUT_WHEEL =
      Pattern.compile(
          "(?<![A-Za-z0-9._-])([A-Za-z0-9._-]+)(?:\\{[^{}]{0,200}\\}|\\[[^\\[\\]]{0,200}\\])*==\\S{1,200}"
              + " has no (?:usable wheels|wheels with a matching)");

  /** Matches a dependency with an address that uv could not fetch or build. */
  private static final Pattern ADDRESS =
      Pattern.compile("Failed to [a-z ]*`([A-Za-z0-9._-]+) @ (?:git\\+|https?:)");

  /** Longest line of uv's output that users see; uv may print whole lines of files. */
  private static final int LONGEST_LINE = 2000;

  private UvErrors() {}

  public static HearthException staleLock() {
    return new HearthException(
        ErrorCode.LOCK_STALE,
        "The lock no longer matches the project. Run `uv lock` and deploy again.");
  }

  public static HearthException fromAddress(String name) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "%s comes from an address that is not a wheel with a hash. Depend on a released version, or put its source into the upload ([tool.uv.sources] path)."
            .formatted(name));
  }

  public static HearthException unresolved(String output, Target target) {
    var address = ADDRESS.matcher(output);
    if (address.find()) {
      return fromAddress(address.group(1));
    }
    if (output.contains("incompatible with the project's Python requirement")
        || output.contains("is incompatible with the script's Python requirement")) {
      return new HearthException(
          ErrorCode.PYTHON_INCOMPATIBLE,
          explain(
              output,
              "Hearth runs Python %1$s: widen requires-python so that %1$s fits."
                  .formatted(target.languageVersion())));
    }
    var code =
        output.contains("TOML parse error") || output.contains("Failed to parse")
            ? ErrorCode.PROJECT_INVALID
            : ErrorCode.DEPENDENCY_UNRESOLVED;
    return new HearthException(code, explain(output, advice(output)));
  }

  private static String advice(String output) {
    if (output.contains("401 Unauthorized") || output.contains("403 Forbidden")) {
      return "The index requires a login. Set this tenant's with `hearth index login HOST`.";
    }
    return output.contains("No solution found") || output.contains("not found in")
        ? "Check the names, the versions and the indexes that the project names."
        : "";
  }

  /** Returns uv's output without its progress, followed by advice. */
  public static String explain(String output, String advice) {
    var said =
        output
            .lines()
            .filter(line -> !line.startsWith("Using ") && !line.startsWith("Resolved "))
            .map(
                line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
            .collect(Collectors.joining("\n"))
            .strip();
    return (said + "\n" + advice).strip();
  }
}
