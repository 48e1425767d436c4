package dev.hearth.build.project;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.RuntimeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A project's own settings.
 *
 * @param entry {@code [tool.hearth] entry}
 * @param environment {@code [tool.hearth.env]}
 * @param timeout {@code [tool.hearth] timeout}, the limit of one call
 */
public record Project(Optional<String> entry, Map<String, String> environment, Duration timeout) {

  private static final TomlMapper TOML = new TomlMapper();
  private static final int LONGEST_ENVIRONMENT = 64 * 1024;
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /**
   * Reads {@code pyproject.toml}.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID} with what to mend
   */
  public static Project read(Path folder) {
    var file = folder.resolve("pyproject.toml");
    if (!Files.isRegularFile(file)) {
      throw invalid(
          "There is no pyproject.toml at the top of the archive. Add one with a [project] table, as `uv init` makes it.");
    }
    JsonNode root;
    try {
      root = TOML.readTree(file.toFile());
    } catch (JacksonException broken) {
      throw invalid(
          "pyproject.toml is not valid TOML: " + broken.getOriginalMessage() + at(broken));
    }
    if (!root.path("project").isObject()) {
      throw invalid(
          "pyproject.toml has no [project] table. Add one with name, version and dependencies.");
    }
    var hearth = root.path("tool").path("hearth");
    return new Project(
        text(hearth, "entry"), environment(hearth.path("env")), timeout(text(hearth, "timeout")));
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
}
