package dev.hearth.build.project;

import dev.hearth.build.project.SourceText.NotTextException;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads declarations and locks, which are untrusted. Their size is limited, because a parsed file
 * takes many times its size in memory.
 */
public final class ProjectFile {

  private static final TomlMapper TOML = new TomlMapper();

  private static final long LARGEST = 1 << 20;
  private static final long LARGEST_LOCK = 8 << 20;

  /** The beginning of a variable, also in TOML's escaped forms. */
  private static final Pattern DOLLAR = Pattern.compile("\\$\\{|\\\\(u00|U000000|x)24");

  private static final JsonMapper JSON = JsonMapper.shared();

  private ProjectFile() {}

  /** Returns a string or a list of strings in TOML syntax, which is the same as in JSON. */
  public static String quoted(Object value) {
    return JSON.writeValueAsString(value);
  }

  /**
   * Reads a script or a requirements file, in the encoding that it declares.
   *
   * @param name file name for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  public static String source(Path file, String name) throws IOException {
    requireReadable(file, name, LARGEST);
    try {
      return SourceText.decode(Files.readAllBytes(file));
    } catch (NotTextException broken) {
      throw invalid(name + " " + broken.getMessage());
    }
  }

  /**
   * Reads a declaration.
   *
   * @param name file name for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  public static JsonNode toml(Path file, String name) throws IOException {
    return parse(text(file, name, LARGEST), name);
  }

  /**
   * Reads a lock of the project or of uv.
   *
   * @param name file name for error messages
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  public static JsonNode lock(Path file, String name) throws IOException {
    return parse(text(file, name, LARGEST_LOCK), name);
  }

  private static void requireReadable(Path file, String name, long largest) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw invalid(name + " is not a regular file.");
    }
    var size = Files.size(file);
    if (size > largest) {
      throw invalid(
          "%s is %d KiB long, but at most %d KiB are read. Make the file smaller."
              .formatted(name, size >> 10, largest >> 10));
    }
  }

  private static String text(Path file, String name, long largest) throws IOException {
    requireReadable(file, name, largest);
    try {
      var text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      throw invalid(name + " is not UTF-8 text. Save it as UTF-8.");
    }
  }

  /** Parses TOML. */
  static JsonNode parse(String text, String name) {
    try {
      return TOML.readTree(text);
    } catch (JacksonException broken) {
      var location = broken.getLocation();
      throw invalid(
          "%s is not valid TOML: %s%s"
              .formatted(
                  name,
                  broken.getOriginalMessage(),
                  location == null ? "" : " (line " + location.getLineNr() + ")"));
    }
  }

  /**
   * Refuses variables in addresses of dependencies in any declaration of an upload, because uv
   * would insert the operator's values.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID}
   */
  static void requireNoVariables(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(folder)) {
      files =
          walked
              .filter(file -> file.endsWith("pyproject.toml"))
              .filter(Files::isRegularFile)
              .toList();
    }
    for (var file : files) {
      var name = folder.relativize(file).toString();
      var text = text(file, name, LARGEST);
      if (DOLLAR.matcher(text).find()) {
        requireNoVariables(parse(text, name), name);
      }
    }
  }

  /** Refuses variables in one declaration. */
  static void requireNoVariables(JsonNode node, String name) {
    var text = node.asString("");
    if (text.contains("${") && text.contains("@")) {
      throw invalid(
          "%s has a variable in %s, but builds do not expand variables. Write its value instead; set logins with `hearth index login`."
              .formatted(name, text.replaceAll("//[^@/]*@", "//…@")));
    }
    node.forEach(each -> requireNoVariables(each, name));
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.PROJECT_INVALID, detail);
  }
}
