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
 * Package metadata that is passed to uv so that it need not build the packages. It is written as
 * {@code [[tool.uv.dependency-metadata]]} into the project's own declarations while uv reads them.
 */
public final class DeclaredMetadata {

  /** The end of a script's block (PEP 723). */
  private static final String SCRIPT_END = "\n# ///";

  private static final Pattern PROJECT = Pattern.compile("(?m)^\\[project]");

  private static final Pattern TABLE = Pattern.compile("(?m)^\\[");

  /** The list of fields that a project's backend computes (PEP 621). */
  private static final Pattern DYNAMIC =
      Pattern.compile("(?m)^dynamic[ \\t]*=\\s*\\[([^\\[\\]]*)]");

  private static final Pattern DYNAMIC_NAME = Pattern.compile("[\"']([a-z-]+)[\"']");

  private final Map<String, Metadata> packages = new LinkedHashMap<>();
  private final Map<Path, Metadata> folders = new LinkedHashMap<>();

  /**
   * The metadata of one package.
   *
   * @param requires values of {@code Requires-Dist}
   * @param extras extras that the package offers
   */
  record Metadata(
      String name,
      String version,
      List<String> requires,
      List<String> extras,
      Optional<String> requiresPython) {

    /** Returns the metadata of a release whose dependencies are unknown. */
    static Metadata unknown(String name, String version) {
      return new Metadata(name, version, List.of(), List.of(), Optional.empty());
    }

    /** Reads the metadata of a wheel. */
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

    /** Returns the same metadata with the version as the index writes it. */
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

  /** Modified declarations; closing this restores the originals. */
  interface Written extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns true if the release was declared. */
  boolean has(String name, String version) {
    var known = packages.get(name);
    return known != null && known.version().equals(version);
  }

  /** Declares a release; returns true if the declaration changed. */
  boolean put(Metadata metadata) {
    return !metadata.equals(packages.put(metadata.name(), metadata));
  }

  /**
   * Declares a folder of the upload; returns true if the declaration changed. The metadata goes
   * into the folder's own pyproject.toml where possible, so that uv also reads its groups and
   * sources.
   */
  boolean put(Path folder, Metadata metadata) throws IOException {
    var file = folder.resolve("pyproject.toml");
    var isWritable =
        Files.isRegularFile(file) && withComputed(Files.readString(file), metadata).isPresent();
    return isWritable ? !metadata.equals(folders.put(file, metadata)) : put(metadata);
  }

  /**
   * Returns a project's file with its computed fields filled in; returns nothing if that is not
   * possible.
   */
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
   * Adds the declared metadata to the project's files until the result is closed.
   *
   * @param file a {@code pyproject.toml}, or a script with a metadata block
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
