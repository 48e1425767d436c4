package dev.hearth.build.source;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The build system that a source tree declares (PEP 517, PEP 518).
 *
 * @param requires dependency specifiers
 * @param backend the backend as {@code module:object}
 * @param path folders of the tree that contain the backend
 * @param mayAskForMore true if the backend may ask for further requirements
 */
record BuildSystem(
    List<String> requires, String backend, List<String> path, boolean mayAskForMore) {

  private static final List<String> DEFAULT_REQUIRES = List.of("setuptools >= 40.8.0");
  private static final String DEFAULT_BACKEND = "setuptools.build_meta:__legacy__";

  private static final String UV_BUILD = "uv_build";

  /** Backends that never ask for further requirements and therefore need not be asked. */
  private static final Set<String> CONTENT = Set.of("poetry.core.masonry.api", UV_BUILD);

  private static final Pattern UV_BUILD_ALONE = Pattern.compile("uv[-_.]build(?![\\w.-])[^@]*");

  private static final Pattern BACKEND = Pattern.compile("[\\w.]{1,200}(:[\\w.]{1,200})?");

  private static final Pattern FOLDER = Pattern.compile("[^\\p{Cntrl}:]{1,200}");

  private static final String HATCHLING = "hatchling.build";

  /**
   * Reads the build system from a tree's pyproject.toml, or the default where there is none.
   *
   * @param what owner of the tree, for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  static BuildSystem of(Path source, String what) throws IOException {
    var file = source.resolve("pyproject.toml");
    var name = "pyproject.toml of " + what;
    var declared = Files.exists(file) ? ProjectFile.toml(file, name) : MissingNode.getInstance();
    var system = declared.path("build-system");
    var requires = system.path("requires");
    var backend = system.path("build-backend").asString(DEFAULT_BACKEND);
    var path = system.path("backend-path").valueStream().map(each -> each.asString("")).toList();
    if (!BACKEND.matcher(backend).matches() || !path.stream().allMatch(FOLDER.asMatchPredicate())) {
      throw invalid(
          "[build-system] of %s is invalid: build-backend must be module:object, and backend-path must be a list of folders."
              .formatted(name));
    }
    if (!requires.isMissingNode() && !requires.isArray()) {
      throw invalid("[build-system] requires of %s must be a list.".formatted(name));
    }
    return new BuildSystem(
        requires.isArray()
            ? specifiers(
                requires.valueStream().map(each -> each.asString("")).toList(),
                "[build-system] requires of " + name)
            : DEFAULT_REQUIRES,
        backend,
        path,
        !path.isEmpty() || mayAskForMore(backend, declared, source));
  }

  /** Returns true if the backend is the one that uv contains. */
  boolean isUvs() {
    return backend.equals(UV_BUILD)
        && path.isEmpty()
        && requires.size() == 1
        && UV_BUILD_ALONE.matcher(requires.getFirst()).matches();
  }

  private static boolean mayAskForMore(String backend, JsonNode declared, Path source) {
    if (backend.equals(HATCHLING)) {
      var build = declared.path("tool").path("hatch").path("build");
      return Files.exists(source.resolve("hatch.toml"))
          || !build.findValues("dependencies").isEmpty()
          || !build.findValues("hooks").isEmpty();
    }
    return !CONTENT.contains(backend);
  }

  /**
   * Checks that lines are dependency specifiers. They are untrusted, and uv must receive no
   * options.
   *
   * @param what source of the lines, for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  static List<String> specifiers(List<String> lines, String what) {
    for (var line : lines) {
      if (!Requirement.isSpecifier(line)) {
        throw invalid(
            "%s has \"%s\", which is not a dependency specifier. Write it as in \"flask>=3\"."
                .formatted(what, line.lines().findFirst().orElse("")));
      }
      Requirement.requireNoVariable(line);
    }
    return lines;
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.PROJECT_INVALID, detail);
  }
}
