package dev.hearth.build.uv;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.python.Target;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns what uv says into what a user is told. */
public final class UvErrors {

  /** Finds a release that uv calls unusable here, by its name. */
  public static final Pattern WITHOUT_WHEEL =
      Pattern.compile(
          "(?<![A-Za-z0-9._-])([A-Za-z0-9._-]+)(?:\\{[^{}]{0,200}\\}|\\[[^\\[\\]]{0,200}\\])*==\\S{1,200}"
              + " has no (?:usable wheels|wheels with a matching)");

  /** What uv would have fetched and built, and could not. */
  private static final Pattern ADDRESS =
      Pattern.compile("Failed to [a-z ]*`([A-Za-z0-9._-]+) @ (?:git\\+|https?:)");

  /** It shows lines of files whole. */
  private static final int LONGEST_LINE = 2000;

  private UvErrors() {}

  public static HearthException staleLock() {
    return new HearthException(
        ErrorCode.LOCK_STALE,
        "The lock does not fit the project any more. Run `uv lock` and deploy again.");
  }

  public static HearthException fromAddress(String name) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "%s comes from an address, and is no wheel with a hash. Depend on a released version, or put its source into the upload ([tool.uv.sources] path)."
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
      return "The index wants a login: `hearth index login HOST` gives this tenant's.";
    }
    return output.contains("No solution found") || output.contains("not found in")
        ? "Check the names, the versions and the indexes that the project names."
        : "";
  }

  /**
   * A release that the platform's interpreter cannot use.
   *
   * @param why one more sentence, ending in a space, or empty
   * @param usable another release, which it can use
   */
  public static HearthException withoutWheel(
      Requirement requirement, Lock lock, String why, Optional<String> usable) {
    var name = requirement.name();
    var release = name + requirement.version().map(version -> "==" + version).orElse("");
    var chain = lock.chain(name);
    var advice =
        usable
            .map(version ->
                "%s==%s has one: ask for that (`uv lock --upgrade-package %s==%s` where a lock pins another). Otherwise take"
                    .formatted(name, version, name, version))
            .orElse("No release that is known has one: take");
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "%s has no wheel that GraalPy can use%s. %s%s something else in its place, or have the operator build one: `./hearth wheelhouse add %s`."
            .formatted(
                release,
                chain.equals(name) ? "" : " (" + chain + ")",
                why,
                advice,
                requirement.version().isPresent() ? release : name + "==VERSION"));
  }

  /** What uv said, without its progress, and what to do. */
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
