package dev.hearth.build.project;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A project's settings.
 *
 * @param kind kind of file that declares the dependencies
 * @param script the one file of {@link Kind#SCRIPT}
 * @param settings {@code [tool.hearth]}: how the function runs
 * @param build {@code [tool.hearth.build]}
 * @param isPackage true if the project has a {@code [build-system]} and is installed like its
 *     dependencies
 */
public record Project(
    Kind kind, Optional<String> script, FunctionTable settings, Build build, boolean isPackage) {

  /** The settings of {@code [tool.hearth.build]}. */
  static final Set<String> BUILD =
      Set.of("groups", "extras", "package", "keep", "drop", "languages");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

  private static final String REQUIREMENTS = "requirements.txt";

  /** Keys of tools' tables that say what a program needs, and where from. */
  private static final List<String> OTHERS =
      List.of(
          "dependencies",
          "group",
          "source",
          "sources",
          "index",
          "constraint-dependencies",
          "override-dependencies");

  /** The kind of file that declares dependencies. */
  public enum Kind {
    PYPROJECT,
    /** {@code pyproject.toml} with a {@code pylock.toml} and no {@code uv.lock}. */
    PYLOCK,
    REQUIREMENTS,
    SCRIPT
  }

  /**
   * The table {@code [tool.hearth.build]}: how a project is built.
   *
   * @param groups dependency groups that are also installed
   * @param extras extras of the project that are installed
   * @param member the workspace member that is deployed
   * @param keep patterns of files and modules that are never left out
   * @param drop patterns of files and modules that are left out
   * @param languages languages whose translations are kept; all if empty
   */
  public record Build(
      List<String> groups,
      List<String> extras,
      Optional<String> member,
      List<String> keep,
      List<String> drop,
      List<String> languages) {}

  /**
   * Reads {@code pyproject.toml}, or a replacement: a script with a metadata block, or {@code
   * requirements.txt}.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID} with what to correct
   */
  public static Project read(Path folder) throws IOException {
    ProjectFile.requireNoVariables(folder);
    var file = folder.resolve("pyproject.toml");
    if (Files.exists(file)) {
      var root = ProjectFile.toml(file, "pyproject.toml");
      var member = member(folder, root);
      return of(kind(folder, root, member.isPresent()), Optional.empty(), member.orElse(root));
    }
    var script = script(folder);
    if (script.isPresent()) {
      return script.get();
    }
    if (Files.isRegularFile(folder.resolve(REQUIREMENTS))) {
      return of(Kind.REQUIREMENTS, Optional.empty(), JsonNodeFactory.instance.objectNode());
    }
    throw invalid(
        "There is no pyproject.toml at the top of the archive. Add one with a [project] table, as"
            + " `uv init` makes it; a requirements.txt, or one script with a `# /// script` block"
            + " (`uv init --script`), will do as well.");
  }

  private static Kind kind(Path folder, JsonNode root, boolean isMember) {
    if (Files.isRegularFile(folder.resolve("pylock.toml"))
        && !Files.isRegularFile(folder.resolve("uv.lock"))) {
      return Kind.PYLOCK;
    }
    if (isMember || root.path("project").isObject()) {
      return Kind.PYPROJECT;
    }
    // Many projects have a pyproject.toml for their tools alone.
    if (!root.has("project") && Files.isRegularFile(folder.resolve(REQUIREMENTS))) {
      return Kind.REQUIREMENTS;
    }
    throw invalid(withoutTable(root.path("tool")));
  }

  /**
   * Returns sentences about declarations of dependencies that are not read.
   *
   * @param folder the folder of the code
   */
  public List<String> unread(Path folder) throws IOException {
    var file = folder.resolve("pyproject.toml");
    if (kind == Kind.SCRIPT || !Files.exists(file)) {
      return List.of();
    }
    var root = ProjectFile.toml(file, "pyproject.toml");
    return switch (kind) {
      case REQUIREMENTS ->
          unread(
              root.path("tool"),
              Stream.of("poetry", "pdm", "rye", "uv"),
              "those of requirements.txt");
      case PYLOCK, PYPROJECT -> {
        var declared = root.path("project");
        var isDeclared =
            declared.has("dependencies")
                || declared
                    .path("dynamic")
                    .valueStream()
                    .anyMatch(field -> field.asString("").equals("dependencies"));
        if (isDeclared || !declared.isObject()) {
          yield List.of();
        }
        yield Files.isRegularFile(folder.resolve(REQUIREMENTS))
            ? List.of(
                "requirements.txt is not read, because pyproject.toml has a [project] table, which declares no dependencies. Move them there: `uv add -r requirements.txt`.")
            : unread(
                root.path("tool"),
                Stream.of("poetry", "pdm", "rye"),
                "those of [project], which has none");
      }
      case SCRIPT -> List.of();
    };
  }

  private static List<String> unread(JsonNode tool, Stream<String> names, String taken) {
    var tables =
        names
            .filter(name -> OTHERS.stream().anyMatch(key -> tool.path(name).has(key)))
            .map("[tool.%s]"::formatted)
            .toList();
    return tables.isEmpty()
        ? List.of()
        : List.of(
            "the dependencies and indexes of %s in pyproject.toml are not read; the dependencies are %s."
                .formatted(String.join(" and ", tables), taken));
  }

  private static String withoutTable(JsonNode tool) {
    if (tool.path("uv").path("workspace").isObject()) {
      return "This is a workspace without a project of its own. Deploy one of its members, or name"
          + " it: [tool.hearth.build] package.";
    }
    return tool.path("poetry").isObject()
        ? "pyproject.toml has [tool.poetry] in place of the standard [project] table. `uvx"
            + " migrate-to-uv` writes one, and so does Poetry 2 in new projects."
        : "pyproject.toml has no [project] table. Add one with name, version and dependencies.";
  }

  /** Returns the settings of the workspace member that is deployed, completed by the root's. */
  private static Optional<JsonNode> member(Path folder, JsonNode root) throws IOException {
    var name = FunctionTable.text(root.path("tool").path("hearth").path("build"), "package");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var file = Workspace.member(folder, name(name.get())).resolve("pyproject.toml");
    var title = name.get() + "'s pyproject.toml";
    var member = (ObjectNode) ProjectFile.toml(file, title);
    if (member.has("tool") && !member.path("tool").isObject()) {
      throw invalid(title + " has a [tool] that is not a table.");
    }
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

  /** Returns the project of an upload whose only Python file declares its dependencies. */
  private static Optional<Project> script(Path folder) throws IOException {
    List<Path> scripts;
    try (Stream<Path> listed = Files.list(folder)) {
      scripts = listed.filter(path -> path.toString().endsWith(".py")).toList();
    }
    if (scripts.size() != 1) {
      return Optional.empty();
    }
    var name = scripts.getFirst().getFileName().toString();
    return ScriptBlock.in(ProjectFile.source(scripts.getFirst(), name))
        .map(block -> {
          var root = ProjectFile.parse(block, name);
          ProjectFile.requireNoVariables(root, name);
          return of(Kind.SCRIPT, Optional.of(name), root);
        });
  }

  private static Project of(Kind kind, Optional<String> script, JsonNode root) {
    var hearth = root.path("tool").path("hearth");
    var build = hearth.path("build");
    FunctionTable.requireKnown("[tool.hearth.build]", build, BUILD);
    return new Project(
        kind,
        script,
        FunctionTable.of(hearth),
        new Build(
            names(build, "groups"),
            names(build, "extras"),
            FunctionTable.text(build, "package").map(Project::name),
            texts(build, "keep"),
            texts(build, "drop"),
            names(build, "languages")),
        kind != Kind.REQUIREMENTS && root.has("build-system"));
  }

  private static List<String> names(JsonNode table, String key) {
    return texts(table, key).stream().map(Project::name).toList();
  }

  private static String name(String given) {
    if (!NAME.matcher(given).matches()) {
      throw invalid(
          "[tool.hearth.build] names \"%s\", which is not a valid name.".formatted(given));
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

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.PROJECT_INVALID, detail);
  }

  /** Returns true if the source tree contains a lock. Call it before uv writes one there. */
  public boolean isLocked(Path folder) {
    return switch (kind) {
      case PYPROJECT -> Files.exists(folder.resolve("uv.lock"));
      case PYLOCK -> true;
      case REQUIREMENTS -> false;
      case SCRIPT -> Files.exists(folder.resolve(script.orElseThrow() + ".lock"));
    };
  }
}
