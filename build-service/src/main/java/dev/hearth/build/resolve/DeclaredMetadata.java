package dev.hearth.build.resolve;

import static dev.hearth.build.project.ProjectFile.quoted;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.wheel.CoreMetadata;
import dev.hearth.build.wheel.WheelArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * What packages depend on, said to uv so that uv need not have them built: {@code
 * [[tool.uv.dependency-metadata]]} in the project's own declarations, for as long as uv looks
 * there.
 */
public final class DeclaredMetadata {

  /** How a script's block ends (PEP 723). */
  private static final String SCRIPT_END = "\n# ///";

  private static final Pattern PROJECT = Pattern.compile("(?m)^\\[project]");

  private static final Pattern TABLE = Pattern.compile("(?m)^\\[");

  /** What a project computes of itself (PEP 621). */
  private static final Pattern DYNAMIC =
      Pattern.compile("(?m)^dynamic[ \\t]*=\\s*\\[([^\\[\\]]*)]");

  private static final Pattern DYNAMIC_NAME = Pattern.compile("[\"']([a-z-]+)[\"']");

  private final Map<String, Metadata> packages = new LinkedHashMap<>();
  private final Map<Path, Metadata> folders = new LinkedHashMap<>();

  /**
   * One package's.
   *
   * @param requires as in {@code Requires-Dist}
   * @param extras that it offers
   */
  record Metadata(
      String name,
      String version,
      List<String> requires,
      List<String> extras,
      Optional<String> requiresPython) {

    /** A package of which nothing is known but that there is such a release. */
    static Metadata unknown(String name, String version) {
      return new Metadata(name, version, List.of(), List.of(), Optional.empty());
    }

    /** Reads a wheel's. */
    static Metadata of(Path wheel) throws IOException {
      try (var zip = new ZipFile(wheel.toFile())) {
        var entry =
            zip.stream()
                .filter(file -> file.getName().endsWith(".dist-info/METADATA"))
                .findFirst()
                .orElseThrow(() -> new IOException("no METADATA in " + wheel.getFileName()));
        var content = zip.getInputStream(entry).readNBytes(CoreMetadata.LARGEST + 1);
        if (content.length > CoreMetadata.LARGEST) {
          throw WheelArchive.metadataTooLarge(wheel.getFileName().toString());
        }
        var metadata = CoreMetadata.parse(content);
        var requires = metadata.all("Requires-Dist");
        requires.forEach(Requirement::requireNoVariable);
        return new Metadata(
            metadata.name(),
            metadata.version(),
            requires,
            metadata.all("Provides-Extra"),
            metadata.first("Requires-Python"));
      }
    }

    /** The same, as the index calls the release. */
    Metadata of(String release) {
      return new Metadata(name, release, requires, extras, requiresPython);
    }

    private String toml() {
      return """

      [[tool.uv.dependency-metadata]]
      name = %s
      version = %s
      requires-dist = %s
      provides-extras = %s
      """
              .formatted(quoted(name), quoted(version), quoted(requires), quoted(extras))
          + requiresPython.map(python -> "requires-python = " + quoted(python) + "\n").orElse("");
    }
  }

  /** Declarations as they were, to be put back. */
  interface Written extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether the release was declared. */
  boolean has(String name, String version) {
    var known = packages.get(name);
    return known != null && known.version().equals(version);
  }

  /** Declares; whether that is news. */
  boolean put(Metadata metadata) {
    return !metadata.equals(packages.put(metadata.name(), metadata));
  }

  /**
   * Declares a folder's of the upload; whether that is news. Its own file says it where that can
   * be, for uv then sees the groups and sources there as well.
   */
  boolean put(Path folder, Metadata metadata) throws IOException {
    var file = folder.resolve("pyproject.toml");
    var isWritable =
        Files.isRegularFile(file) && withComputed(Files.readString(file), metadata).isPresent();
    return isWritable ? !metadata.equals(folders.put(file, metadata)) : put(metadata);
  }

  /** A project's file with what it computes written out; nothing where that cannot be. */
  private static Optional<String> withComputed(String content, Metadata metadata) {
    var project = PROJECT.matcher(content);
    if (!project.find()) {
      return Optional.empty();
    }
    var next = TABLE.matcher(content);
    var end = next.find(project.end()) ? next.start() : content.length();
    var dynamic = DYNAMIC.matcher(content).region(project.end(), end);
    if (!dynamic.find()) {
      return Optional.empty();
    }
    var names =
        DYNAMIC_NAME.matcher(dynamic.group(1)).results().map(found -> found.group(1)).toList();
    var others = new ArrayList<>(names);
    others.removeAll(List.of("version", "dependencies"));
    if (others.contains("optional-dependencies") || others.contains("requires-python")) {
      return Optional.empty();
    }
    var lines = new StringBuilder();
    if (names.contains("version")) {
      lines.append("version = %s\n".formatted(quoted(metadata.version())));
    }
    if (names.contains("dependencies")) {
      var all = metadata.requires().stream().filter(each -> !each.contains("extra ==")).toList();
      lines.append("dependencies = %s\n".formatted(quoted(all)));
    }
    lines.append("dynamic = ").append(quoted(others));
    return Optional.of(
        content.substring(0, dynamic.start()) + lines + content.substring(dynamic.end()));
  }

  /**
   * Adds what was declared to the project's files.
   *
   * @param file a {@code pyproject.toml}, or a script with a block of its own
   */
  Written writeTo(Path file) {
    var before = new LinkedHashMap<Path, String>();
    Written written = () -> before.forEach(DeclaredMetadata::restore);
    try {
      for (var folder : folders.entrySet()) {
        var content = Files.readString(folder.getKey());
        before.put(folder.getKey(), content);
        Files.writeString(
            folder.getKey(), withComputed(content, folder.getValue()).orElse(content));
      }
      if (!packages.isEmpty()) {
        var content = Files.readString(file);
        before.putIfAbsent(file, content);
        var declared = packages.values().stream().map(Metadata::toml).collect(Collectors.joining());
        Files.writeString(
            file,
            file.toString().endsWith(".py") ? inBlock(content, declared) : content + declared);
      }
      return written;
    } catch (IOException failed) {
      written.close();
      throw new UncheckedIOException(failed);
    }
  }

  private static String inBlock(String script, String declared) {
    var end = script.indexOf(SCRIPT_END, script.indexOf("# /// script"));
    var comment =
        declared.lines().map(line -> "\n# " + line).collect(Collectors.joining()).stripTrailing();
    return end < 0 ? script : script.substring(0, end) + comment + script.substring(end);
  }

  private static void restore(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
