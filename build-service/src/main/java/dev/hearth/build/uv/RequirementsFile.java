package dev.hearth.build.uv;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
 * What a {@code requirements.txt} says beside requirements, also by the files that it includes
 * (https://pip.pypa.io/en/stable/reference/requirements-file-format/). uv takes none of it over
 * into a project.
 */
public final class RequirementsFile {

  private static final Pattern OPTION = Pattern.compile("(--?[a-z-]+)(?:\\s*=\\s*|\\s+|$)(.*)");
  private static final Pattern SHORT = Pattern.compile("(-[a-z])\\s*([^-\\s].*)");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
  private static final Pattern HASH = Pattern.compile("\\s--hash[=\\s]\\s*(\\w+):([0-9a-fA-F]+)");
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)");
  private static final Pattern ITSELF =
      Pattern.compile("(-e\\s+|--editable[\\s=]\\s*)?\\.(\\[.*\\])?/?");

  private final Path upload;
  private final Set<Path> files = new LinkedHashSet<>();
  private final Set<Path> constraints = new LinkedHashSet<>();
  private final List<String> extraIndexes = new ArrayList<>();
  private Optional<String> index = Optional.empty();
  private final Map<String, Set<String>> hashes = new HashMap<>();

  private RequirementsFile(Path upload) {
    this.upload = upload;
  }

  /**
   * Reads {@code requirements.txt} and what it includes.
   *
   * @throws HearthException when it asks for what is not done, or for a file that is not there
   */
  public static RequirementsFile read(Path upload) throws IOException {
    var read = new RequirementsFile(upload);
    read.include(upload.resolve("requirements.txt"), "requirements.txt");
    var ours = upload.resolve("constraints.txt");
    if (Files.exists(ours)) {
      read.constraints.add(ours);
    }
    return read;
  }

  /** All that was read. */
  public Set<Path> files() {
    return files;
  }

  /** Files that limit versions. */
  Set<Path> constraints() {
    return constraints;
  }

  /** The indexes that it names as uv knows them, first ones first. */
  String indexes() {
    var text = new StringBuilder();
    extraIndexes.forEach(url ->
        text.append("\n[[tool.uv.index]]\nurl = %s\n".formatted(DeclaredMetadata.quoted(url))));
    index.ifPresent(url ->
        text.append(
            "\n[[tool.uv.index]]\nurl = %s\ndefault = true\n"
                .formatted(DeclaredMetadata.quoted(url))));
    return text.toString();
  }

  /**
   * What was resolved, with the files alone that the hashes allow.
   *
   * @throws HearthException when they allow none of a release
   */
  List<Requirement> allowed(List<Requirement> resolved) {
    return resolved.stream()
        .map(requirement -> {
          var listed = hashes.get(requirement.name());
          return listed == null ? requirement : requirement.allowing(listed);
        })
        .toList();
  }

  private void include(Path file, String named) throws IOException {
    if (!file.startsWith(upload) || !Files.isRegularFile(file)) {
      throw invalid("It names " + named + ", which is not in the upload.");
    }
    if (!files.add(file)) {
      return;
    }
    for (var line : logicalLines(file)) {
      read(file, line);
    }
  }

  private List<String> logicalLines(Path file) throws IOException {
    try {
      return Files.readString(file)
          .replaceAll("\\\\\\r?\\n", " ")
          .lines()
          .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (CharacterCodingException _) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "%s is not UTF-8 text. Save it as UTF-8.".formatted(upload.relativize(file)));
    }
  }

  private void read(Path file, String line) throws IOException {
    if (ITSELF.matcher(line).matches()) {
      throw invalid(
          "It names the project itself (%s), which has no pyproject.toml. Add one with a [project] table, as `uv init` makes it; or leave that line out, the code beside it is deployed in any case."
              .formatted(line));
    }
    if (!line.startsWith("-")) {
      requirement(line);
      return;
    }
    var option = SHORT.matcher(line);
    if (!option.matches()) {
      option = OPTION.matcher(line);
    }
    if (option.matches()) {
      option(file, option.group(1), option.group(2).strip());
    }
  }

  private void option(Path file, String option, String value) throws IOException {
    switch (option) {
      case "-r", "--requirement" -> include(file.resolveSibling(value).normalize(), value);
      case "-c", "--constraint" -> constrain(file.resolveSibling(value).normalize(), value);
      case "-i", "--index-url" -> index = Optional.of(index(value));
      case "--extra-index-url" -> extraIndexes.add(index(value));
      case "-f", "--find-links", "--no-index" ->
          throw invalid(
              "%s is not taken. Name an index (--index-url, --extra-index-url); wheels of your own can be named one by one in [tool.uv.sources] of a pyproject.toml."
                  .formatted(option));
      default -> {
        // uv says which ones it does not know.
      }
    }
  }

  private void constrain(Path file, String named) throws IOException {
    if (!file.startsWith(upload) || !Files.isRegularFile(file)) {
      throw invalid("It names " + named + ", which is not in the upload.");
    }
    constraints.add(file);
    files.add(file);
  }

  private static String index(String url) {
    if (url.contains("${")) {
      throw invalid(
          "The index %s has a variable in its address, which has no value here. Name it without the login, and give that by `hearth index login`."
              .formatted(url.replaceAll("//[^@/]*@", "//…@")));
    }
    return url;
  }

  private void requirement(String line) {
    var name = NAME.matcher(line);
    var hash = HASH.matcher(line);
    while (name.lookingAt() && hash.find()) {
      if (!hash.group(1).equals("sha256")) {
        throw invalid(
            "%s has a hash of the kind %s; only sha256 is compared."
                .formatted(name.group(1), hash.group(1)));
      }
      hashes
          .computeIfAbsent(Requirement.normalized(name.group(1)), _ -> new HashSet<>())
          .add(hash.group(2).toLowerCase(Locale.ROOT));
    }
  }

  private static HearthException invalid(String why) {
    return new HearthException(ErrorCode.PROJECT_INVALID, "requirements.txt: " + why);
  }
}
