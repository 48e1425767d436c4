package dev.hearth.build.lock;

import dev.hearth.build.project.DistributionName;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One requirement as uv exports it: pinned with its hashes, or a folder of the upload.
 *
 * @param name normalized name (PEP 503); empty for a folder
 * @param text one or more lines of a requirements file
 */
public record Requirement(String name, String text) {

  private static final Pattern NAME = Pattern.compile("^([A-Za-z0-9._-]+)");

  private static final Pattern PINNED = Pattern.compile("[A-Za-z0-9._-]+==([^\\s;\\\\]+)");

  private static final Pattern WHEEL =
      Pattern.compile(
          "[A-Za-z0-9._-]+ @ https?://[^\\s#]+\\.whl\\s[^#]*--hash=sha256:[0-9a-f]{64}\\s");

  private static final Pattern HASH = Pattern.compile("--hash=sha256:([0-9a-f]{64})");

  private static final Pattern MARKER = Pattern.compile("[^;\\\\\n]*;([^\\\\\n]*)");

  private static final Pattern FOLDER =
      Pattern.compile("(-e\\s+)?(\\.[^;\\s]*|[^;\\s@=]*/[^;\\s@=]*)(\\s*;.*)?\\s*");

  /**
   * A dependency specifier (PEP 508) in one line: name, extras, versions or address, and marker. It
   * excludes options and files; uv checks the rest.
   */
  private static final Pattern SPECIFIER =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9._-]*\\s*(\\[[A-Za-z0-9._,\\s-]*\\]\\s*)?([<>=!~@(;].*)?");

  /** Returns true if a line is a dependency specifier. */
  public static boolean isSpecifier(String line) {
    return SPECIFIER.matcher(line).matches();
  }

  /**
   * Refuses variables in addresses, because uv would insert the operator's values.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  public static void requireNoVariable(String text) {
    if (text.contains("${")) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "%s has a variable in it, but builds do not expand variables. Write its value instead; set logins with `hearth index login`."
              .formatted(text.replaceAll("//[^@/]*@", "//…@")));
    }
  }

  /** Parses a requirements file. */
  public static List<Requirement> parse(String file) {
    var blocks = new ArrayList<StringBuilder>();
    for (var line : file.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!Character.isWhitespace(line.charAt(0))) {
        blocks.add(new StringBuilder());
      }
      if (!blocks.isEmpty()) {
        blocks.getLast().append(line).append('\n');
      }
    }
    return blocks.stream().map(StringBuilder::toString).map(Requirement::of).toList();
  }

  private static Requirement of(String text) {
    var name = NAME.matcher(text);
    var found = !FOLDER.matcher(text).matches() && name.find() ? name.group(1) : "";
    return new Requirement(DistributionName.normalized(found), text);
  }

  /**
   * Returns true if the requirement pins one release of an index, or one wheel by address and hash.
   */
  public boolean isPinned() {
    return version().isPresent() || WHEEL.matcher(text).lookingAt();
  }

  /** Returns the version, if the requirement comes from an index. */
  public Optional<String> version() {
    var pinned = PINNED.matcher(text);
    return pinned.lookingAt() ? Optional.of(pinned.group(1)) : Optional.empty();
  }

  /** Returns the environment marker, if there is one. */
  public Optional<String> marker() {
    var matcher = MARKER.matcher(text);
    return matcher.lookingAt() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  /** Returns the requirement without its marker. */
  public Requirement withoutMarker() {
    var matcher = MARKER.matcher(text);
    return matcher.lookingAt()
        ? new Requirement(
            name, new StringBuilder(text).delete(matcher.start(1) - 1, matcher.end(1)).toString())
        : this;
  }

  /** Returns true if the requirement lists the file's hash, or lists no hashes. */
  public boolean allows(Lock.RemoteFile file) {
    return !file.sha256().isEmpty()
        && (!text.contains("--hash=") || text.contains("--hash=sha256:" + file.sha256()));
  }

  /**
   * Returns the requirement with only those of its hashes that are also in the given set.
   *
   * @param sha256 hashes of 64 hexadecimal digits each
   * @throws HearthException if no hash is left
   */
  Requirement allowing(Set<String> sha256) {
    var hashes =
        HASH.matcher(text)
            .results()
            .filter(hash -> sha256.contains(hash.group(1)))
            .map(MatchResult::group)
            .toList();
    if (hashes.isEmpty()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNRESOLVED,
          "No file of %s has a hash that requirements.txt lists for it. Correct the hashes, or generate them again: `uv pip compile --generate-hashes`."
              .formatted(name + version().map("=="::concat).orElse("")));
    }
    var release = text.lines().findFirst().orElse("").replaceFirst("\\s*\\\\$", "");
    return new Requirement(name, release + " \\\n    " + String.join(" \\\n    ", hashes) + "\n");
  }

  /** Returns the requirement with only the hash of one file. */
  public Requirement only(Lock.RemoteFile file) {
    return new Requirement(
        name,
        "%s==%s \\\n    --hash=sha256:%s\n"
            .formatted(name, version().orElseThrow(), file.sha256()));
  }

  /** Returns the folder of the upload that the requirement names, relative to where uv ran. */
  public Optional<String> folder() {
    var matcher = FOLDER.matcher(text);
    return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
  }

  static String text(List<Requirement> requirements) {
    return requirements.stream().map(Requirement::text).collect(Collectors.joining());
  }
}
