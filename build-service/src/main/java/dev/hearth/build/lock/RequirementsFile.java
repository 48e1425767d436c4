package dev.hearth.build.lock;

import dev.hearth.build.project.DistributionName;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The content of a {@code requirements.txt} and of the files that it includes
 * (https://pip.pypa.io/en/stable/reference/requirements-file-format/). uv never reads a project's
 * file directly, because it would open any file named there and show its content; uv gets the
 * parsed requirements.
 */
public final class RequirementsFile {

  private static final Pattern OPTION = Pattern.compile("(--?[a-z-]+)(?:\\s*=\\s*|\\s+|$)(.*)");
  private static final Pattern SHORT = Pattern.compile("(-[a-z])\\s*([^-\\s].*)");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*", Pattern.DOTALL);
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}&&[^\t]]");
  private static final Pattern HASH = Pattern.compile("\\s--hash[=\\s]\\s*(\\w+):([0-9a-fA-F]+)");
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)");
  private static final Pattern ADDRESS = Pattern.compile("https?://\\S+");
  private static final Pattern FOLDER = Pattern.compile("(?:(?:-e|--editable)[\\s=]\\s*)?(\\S.*)");

  /**
   * Options that are accepted and ignored: uv has no such option for projects, or does the same
   * without it.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "--pre",
          "--prefer-binary",
          "--require-hashes",
          "--trusted-host",
          "--use-feature",
          "--no-binary",
          "--only-binary");

  private static final Pattern ITSELF =
      Pattern.compile("(-e\\s+|--editable[\\s=]\\s*)?\\.(\\[.*\\])?/?");

  /** The list that a file's lines are added to. */
  private enum Sink {
    REQUIREMENTS,
    CONSTRAINTS
  }

  private final Path upload;
  private final Set<Path> files = new LinkedHashSet<>();
  private final List<String> requirements = new ArrayList<>();
  private final List<String> constraints = new ArrayList<>();
  private final List<String> extraIndexes = new ArrayList<>();
  private Optional<String> index = Optional.empty();
  private final Map<String, Set<String>> hashes = new HashMap<>();

  private RequirementsFile(Path upload) {
    this.upload = upload;
  }

  /**
   * Reads {@code requirements.txt} and the files that it includes.
   *
   * @throws HearthException if it uses an unsupported option or names a missing file
   */
  public static RequirementsFile read(Path upload) throws IOException {
    var read = new RequirementsFile(upload);
    read.include(upload.resolve("requirements.txt"), "requirements.txt", Sink.REQUIREMENTS);
    var ours = upload.resolve("constraints.txt");
    if (Files.exists(ours)) {
      read.include(ours, "constraints.txt", Sink.CONSTRAINTS);
    }
    return read;
  }

  /** Returns all files that were read. */
  public Set<Path> files() {
    return files;
  }

  /**
   * Returns the requirements: each is a dependency specifier, an address or a folder of the upload.
   */
  public List<String> requirements() {
    return requirements;
  }

  /** Returns dependency specifiers that limit versions. */
  public List<String> constraints() {
    return constraints;
  }

  /** Returns the indexes in uv's TOML syntax, in order of precedence. */
  public String indexes() {
    var text = new StringBuilder();
    extraIndexes.forEach(
        url -> text.append("\n[[tool.uv.index]]\nurl = %s\n".formatted(ProjectFile.quoted(url))));
    index.ifPresent(url ->
        text.append(
            "\n[[tool.uv.index]]\nurl = %s\ndefault = true\n".formatted(ProjectFile.quoted(url))));
    return text.toString();
  }

  /** Returns the lines of an equivalent file that includes no other and is UTF-8. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    index.ifPresent(url -> lines.add("--index-url " + url));
    extraIndexes.forEach(url -> lines.add("--extra-index-url " + url));
    lines.addAll(requirements);
    return lines;
  }

  /**
   * Returns the resolved requirements with only those files whose hashes are listed.
   *
   * @throws HearthException if no file of a release is listed
   */
  public List<Requirement> allowed(List<Requirement> resolved) {
    return resolved.stream()
        .map(requirement -> {
          var listed = hashes.get(requirement.name());
          return listed == null ? requirement : requirement.allowing(listed);
        })
        .toList();
  }

  private List<String> list(Sink sink) {
    return sink == Sink.REQUIREMENTS ? requirements : constraints;
  }

  private void include(Path file, String named, Sink target) throws IOException {
    if (!file.startsWith(upload) || !Files.isRegularFile(file)) {
      throw invalid("It names " + named + ", which is not in the upload.");
    }
    if (!files.add(file)) {
      return;
    }
    for (var line : logicalLines(file)) {
      read(file, line, target);
    }
  }

  private List<String> logicalLines(Path file) throws IOException {
    return ProjectFile.source(file, upload.relativize(file).toString())
        .replaceAll("\\\\\\r?\\n", " ")
        .lines()
        .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
        .filter(line -> !line.isEmpty())
        .map(RequirementsFile::printable)
        .toList();
  }

  private static String printable(String line) {
    var control = CONTROL.matcher(line);
    if (control.find()) {
      throw invalid(
          "It contains the character U+%04X in the line %s. Remove it."
              .formatted(line.codePointAt(control.start()), control.replaceAll("?")));
    }
    return line;
  }

  private void read(Path file, String line, Sink target) throws IOException {
    if (ITSELF.matcher(line).matches()) {
      throw invalid(
          "It names the project itself (%s), which has no [project] table. Add one to pyproject.toml, as `uv init` makes it; or remove the line, because the code beside the file is deployed anyway."
              .formatted(line));
    }
    if (!line.startsWith("-") || line.startsWith("-e") || line.startsWith("--editable")) {
      list(target).add(requirement(line, target == Sink.CONSTRAINTS));
      return;
    }
    var option = SHORT.matcher(line);
    if (!option.matches()) {
      option = OPTION.matcher(line);
    }
    if (!option.matches()) {
      throw invalid("The line %s is not a requirement. Write NAME==VERSION.".formatted(line));
    }
    option(file, option.group(1), option.group(2).strip(), target);
  }

  private void option(Path file, String option, String value, Sink target) throws IOException {
    switch (option) {
      case "-r", "--requirement" -> include(file.resolveSibling(value).normalize(), value, target);
      case "-c", "--constraint" ->
          include(file.resolveSibling(value).normalize(), value, Sink.CONSTRAINTS);
      case "-i", "--index-url" -> index = Optional.of(index(value));
      case "--extra-index-url" -> extraIndexes.add(index(value));
      case "-f", "--find-links", "--no-index" ->
          throw invalid(
              "The option %s is not supported. Use an index (--index-url, --extra-index-url), or name your own wheels in [tool.uv.sources] of a pyproject.toml."
                  .formatted(option));
      default -> {
        if (!WITHOUT_EFFECT.contains(option)) {
          throw invalid("The option %s is not supported. Remove it.".formatted(option));
        }
      }
    }
  }

  private static String index(String url) {
    if (url.contains("${")) {
      throw invalid(
          "The index %s has a variable in its address, but builds do not expand variables. Remove the login from the address and give it with `hearth index login`."
              .formatted(url.replaceAll("//[^@/]*@", "//…@")));
    }
    return url;
  }

  /** Returns the requirement of a line in the form that uv reads. */
  private String requirement(String line, boolean isConstraint) {
    readHashes(line);
    var bare = HASH.matcher(line).replaceAll("").strip();
    if (Requirement.isSpecifier(bare)) {
      Requirement.requireNoVariable(bare);
      return bare;
    }
    if (isConstraint) {
      throw invalid("The constraint %s names no package and version.".formatted(line));
    }
    if (ADDRESS.matcher(bare).matches()) {
      Requirement.requireNoVariable(bare);
      return bare;
    }
    return folder(bare);
  }

  private String folder(String line) {
    var given = FOLDER.matcher(line);
    var named = given.matches() ? given.group(1) : line;
    var folder = upload.resolve(named).normalize();
    if (!folder.startsWith(upload) || !Files.isDirectory(folder)) {
      throw invalid(
          "The line %s names neither a package nor a folder of the upload.".formatted(line));
    }
    return "./" + upload.relativize(folder);
  }

  private void readHashes(String line) {
    var name = NAME.matcher(line);
    var hash = HASH.matcher(line);
    while (name.lookingAt() && hash.find()) {
      if (!hash.group(1).equals("sha256")) {
        throw invalid(
            "%s has a %s hash, but only sha256 is supported. Generate the hashes again with sha256."
                .formatted(name.group(1), hash.group(1)));
      }
      hashes
          .computeIfAbsent(DistributionName.normalized(name.group(1)), _ -> new HashSet<>())
          .add(hash.group(2).toLowerCase(Locale.ROOT));
    }
  }

  private static HearthException invalid(String why) {
    return new HearthException(ErrorCode.PROJECT_INVALID, "requirements.txt: " + why);
  }
}
