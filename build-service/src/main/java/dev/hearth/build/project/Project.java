package dev.hearth.build.project;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.RuntimeSettings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A project's own settings.
 *
 * @param kind what it declares its dependencies in
 * @param script the one file of {@link Kind#SCRIPT}
 * @param entry {@code [tool.hearth] entry}
 * @param environment {@code [tool.hearth.env]}
 * @param timeout {@code [tool.hearth] timeout}, the limit of one call
 * @param concurrency {@code [tool.hearth] concurrency}, calls that an instance takes at a time
 * @param build {@code [tool.hearth.build]}
 * @param isPackage whether it has a {@code [build-system]}, so that it is installed like its
 *     dependencies
 */
public record Project(
    Kind kind,
    Optional<String> script,
    Optional<String> entry,
    Map<String, String> environment,
    Duration timeout,
    Optional<Integer> concurrency,
    Build build,
    boolean isPackage) {

  private static final TomlMapper TOML = new TomlMapper();
  private static final int LONGEST_ENVIRONMENT = 64 * 1024;
  private static final int MOST_CALLS = 1000;
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

  /** Where dependencies are declared. */
  public enum Kind {
    PYPROJECT,
    /** {@code pyproject.toml} with a {@code pylock.toml} and no {@code uv.lock}. */
    PYLOCK,
    REQUIREMENTS,
    SCRIPT
  }

  /**
   * How it is built.
   *
   * @param groups dependency groups that are installed too
   * @param extras extras of the project that are installed
   * @param member the workspace's member that is deployed
   * @param keep patterns of files and modules that stay whatever the rules say
   * @param drop patterns of files and modules that go
   */
  public record Build(
      List<String> groups,
      List<String> extras,
      Optional<String> member,
      List<String> keep,
      List<String> drop) {}

  /**
   * Reads {@code pyproject.toml}, or what stands in for it: a script with metadata of its own, or
   * {@code requirements.txt}.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID} with what to mend
   */
  public static Project read(Path folder) throws IOException {
    var file = folder.resolve("pyproject.toml");
    if (Files.isRegularFile(file)) {
      var root = toml("pyproject.toml", text(file));
      var member = member(folder, root);
      if (member.isEmpty() && !root.path("project").isObject()) {
        throw invalid(
            root.path("tool").path("uv").path("workspace").isObject()
                ? "This is a workspace without a project of its own. Deploy one of its members, or name it: [tool.hearth.build] package."
                : "pyproject.toml has no [project] table. Add one with name, version and dependencies.");
      }
      var isLocked =
          Files.isRegularFile(folder.resolve("pylock.toml"))
              && !Files.isRegularFile(folder.resolve("uv.lock"));
      return of(isLocked ? Kind.PYLOCK : Kind.PYPROJECT, Optional.empty(), member.orElse(root));
    }
    var script = script(folder);
    if (script.isPresent()) {
      return script.get();
    }
    if (Files.isRegularFile(folder.resolve("requirements.txt"))) {
      return of(Kind.REQUIREMENTS, Optional.empty(), TOML.createObjectNode());
    }
    throw invalid(
        "There is no pyproject.toml at the top of the archive. Add one with a [project] table, as `uv init` makes it; a requirements.txt, or one script with a `# /// script` block, will do as well.");
  }

  /**
   * What the workspace's member says that is deployed, with the root's settings beneath its own.
   */
  private static Optional<JsonNode> member(Path folder, JsonNode root) throws IOException {
    var name = text(root.path("tool").path("hearth").path("build"), "package");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var file = Workspace.member(folder, name(name.get())).resolve("pyproject.toml");
    var member = (ObjectNode) toml(name.get() + "'s pyproject.toml", text(file));
    var own = member.path("tool").path("hearth");
    var merged = (ObjectNode) root.path("tool").path("hearth").deepCopy();
    own.properties().stream()
        .filter(setting -> !setting.getKey().equals("build"))
        .forEach(setting -> merged.set(setting.getKey(), setting.getValue()));
    own.path("build")
        .properties()
        .forEach(setting -> merged.withObject("/build").set(setting.getKey(), setting.getValue()));
    merged.withObject("/build").put("package", name.get());
    member.withObject("/tool").set("hearth", merged);
    return Optional.of(member);
  }

  /** The upload's only Python file, when it says what it depends on. */
  private static Optional<Project> script(Path folder) throws IOException {
    List<Path> scripts;
    try (Stream<Path> listed = Files.list(folder)) {
      scripts = listed.filter(path -> path.toString().endsWith(".py")).toList();
    }
    if (scripts.size() != 1) {
      return Optional.empty();
    }
    var name = scripts.getFirst().getFileName().toString();
    return ScriptBlock.in(text(scripts.getFirst()))
        .map(block -> of(Kind.SCRIPT, Optional.of(name), toml(name, block)));
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException _) {
      throw invalid(file.getFileName() + " is not UTF-8 text. Save it as UTF-8.");
    }
  }

  private static JsonNode toml(String name, String text) {
    try {
      return TOML.readTree(text);
    } catch (JacksonException broken) {
      throw invalid(name + " is not valid TOML: " + broken.getOriginalMessage() + at(broken));
    }
  }

  private static Project of(Kind kind, Optional<String> script, JsonNode root) {
    var hearth = root.path("tool").path("hearth");
    var build = hearth.path("build");
    return new Project(
        kind,
        script,
        text(hearth, "entry"),
        environment(hearth.path("env")),
        timeout(text(hearth, "timeout")),
        concurrency(hearth.path("concurrency")),
        new Build(
            names(build, "groups"),
            names(build, "extras"),
            text(build, "package").map(Project::name),
            texts(build, "keep"),
            texts(build, "drop")),
        root.has("build-system"));
  }

  private static List<String> names(JsonNode table, String key) {
    return texts(table, key).stream().map(Project::name).toList();
  }

  private static String name(String given) {
    if (!NAME.matcher(given).matches()) {
      throw invalid("[tool.hearth.build] names \"%s\", which is no name.".formatted(given));
    }
    return given;
  }

  private static List<String> texts(JsonNode table, String key) {
    var value = table.path(key);
    if (value.isMissingNode()) {
      return List.of();
    }
    if (!value.isArray() || value.valueStream().anyMatch(each -> !each.isString())) {
      throw invalid("[tool.hearth.build] %s must be a list of strings.".formatted(key));
    }
    return value.valueStream().map(JsonNode::asString).toList();
  }

  private static String at(JacksonException broken) {
    var location = broken.getLocation();
    return location == null ? "" : " (line " + location.getLineNr() + ")";
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.PROJECT_INVALID, detail);
  }

  private static Optional<String> text(JsonNode table, String key) {
    var value = table.path(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw invalid("[tool.hearth] %s must be a string.".formatted(key));
    }
    return Optional.of(value.asString());
  }

  private static Map<String, String> environment(JsonNode table) {
    var environment = new LinkedHashMap<String, String>();
    for (var property : table.properties()) {
      if (!property.getValue().isValueNode()) {
        throw invalid(
            "[tool.hearth.env] %s must be a string, a number or a boolean."
                .formatted(property.getKey()));
      }
      environment.put(property.getKey(), property.getValue().asString());
    }
    var length =
        environment.entrySet().stream()
            .mapToInt(variable -> variable.getKey().length() + variable.getValue().length())
            .sum();
    if (length > LONGEST_ENVIRONMENT) {
      throw invalid(
          "[tool.hearth.env] may hold %d characters but holds %d."
              .formatted(LONGEST_ENVIRONMENT, length));
    }
    return environment;
  }

  private static Optional<Integer> concurrency(JsonNode given) {
    if (given.isMissingNode()) {
      return Optional.empty();
    }
    if (!given.isInt() || given.intValue() < 1 || given.intValue() > MOST_CALLS) {
      throw invalid(
          "[tool.hearth] concurrency must be a whole number, 1–%d, but is %s."
              .formatted(MOST_CALLS, given));
    }
    return Optional.of(given.intValue());
  }

  private static Duration timeout(Optional<String> text) {
    if (text.isEmpty()) {
      return RuntimeSettings.DEFAULT_TIMEOUT;
    }
    Duration timeout;
    try {
      timeout = DurationStyle.SIMPLE.parse(text.get());
    } catch (IllegalArgumentException _) {
      throw invalid(
          "[tool.hearth] timeout is a number and a unit, as in \"30s\", but is \"%s\"."
              .formatted(text.get()));
    }
    if (timeout.toMillis() < 100 || timeout.compareTo(LONGEST) > 0) {
      throw invalid("[tool.hearth] timeout must be 100ms–15m but is \"%s\".".formatted(text.get()));
    }
    return timeout;
  }

  /** Whether the source tree pins its dependencies itself; to be asked before uv writes there. */
  public boolean isLocked(Path folder) {
    return switch (kind) {
      case PYPROJECT -> Files.exists(folder.resolve("uv.lock"));
      case PYLOCK -> true;
      case REQUIREMENTS -> false;
      case SCRIPT -> Files.exists(folder.resolve(script.orElseThrow() + ".lock"));
    };
  }
}
