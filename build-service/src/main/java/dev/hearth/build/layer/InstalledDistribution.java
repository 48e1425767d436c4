package dev.hearth.build.layer;

import dev.hearth.build.reach.Distribution;
import dev.hearth.build.reach.ModuleImports;
import dev.hearth.build.task.Together;
import dev.hearth.build.uv.CoreMetadata;
import dev.hearth.build.uv.Requirement;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * One distribution in a folder that uv installed into, as its {@code *.dist-info} describes it
 * (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
 *
 * @param info the {@code *.dist-info} folder
 * @param name normalized
 * @param files paths below the folder, by RECORD
 */
record InstalledDistribution(
    Path root,
    Path info,
    String name,
    String version,
    String licence,
    List<String> requires,
    List<String> files) {

  private static final String OSI_APPROVED = "License :: OSI Approved :: ";

  private static final Pattern REQUIREMENT_NAME = Pattern.compile("^([A-Za-z0-9._-]+)");

  /**
   * All distributions of a folder, by name.
   *
   * @throws HearthException when a file is not what its RECORD says
   */
  static List<InstalledDistribution> in(Path root) throws IOException {
    try (Stream<Path> listed = Files.list(root)) {
      return Together.run(
          listed
              .filter(path -> path.toString().endsWith(".dist-info"))
              .sorted()
              .map(info -> (Callable<InstalledDistribution>) () -> read(root, info))
              .toList());
    }
  }

  private static InstalledDistribution read(Path root, Path info) throws IOException {
    var metadata = CoreMetadata.parse(Files.readAllBytes(info.resolve("METADATA")));
    var requires =
        metadata.all("Requires-Dist").stream()
            .filter(requirement -> !requirement.contains("extra =="))
            .flatMap(requirement -> requirementName(requirement).stream())
            .toList();
    // uv has compared the folder's name with the release that was asked for; nobody the metadata.
    var release = info.getFileName().toString().replace(".dist-info", "");
    var name = Requirement.normalized(release.substring(0, release.lastIndexOf('-')));
    return new InstalledDistribution(
        root,
        info,
        name,
        metadata.version(),
        licence(metadata),
        requires,
        recorded(root, info, name));
  }

  private static String licence(CoreMetadata metadata) {
    return metadata
        .first("License-Expression")
        .or(() -> metadata.first("License").filter(text -> !text.isEmpty()))
        .or(() ->
            metadata.all("Classifier").stream()
                .filter(classifier -> classifier.startsWith(OSI_APPROVED))
                .map(classifier -> classifier.substring(OSI_APPROVED.length()))
                .findFirst())
        .orElse("");
  }

  private static Optional<String> requirementName(String requirement) {
    var matcher = REQUIREMENT_NAME.matcher(requirement);
    return matcher.find()
        ? Optional.of(Requirement.normalized(matcher.group(1)))
        : Optional.empty();
  }

  /** The files that RECORD lists and that fit it; scripts are not listed, they have no use here. */
  private static List<String> recorded(Path root, Path info, String name) throws IOException {
    var files = new LinkedHashSet<String>();
    var text = String.join("\n", lines(info.resolve("RECORD")));
    for (var columns : CSVParser.parse(text, CSVFormat.DEFAULT)) {
      var path = columns.get(0);
      var file = root.resolve(path).normalize();
      if (path.startsWith("bin/") || !file.startsWith(root)) {
        continue;
      }
      if (isOthersMetadata(root.relativize(file), info)) {
        throw lies(name, path, "it belongs to another distribution");
      }
      if (!Files.isRegularFile(file)) {
        throw lies(name, path, "it is not there");
      }
      if (columns.size() > 1 && columns.get(1).startsWith("sha256=")) {
        var expected = columns.get(1).substring("sha256=".length());
        if (!digest(file).equals(expected)) {
          throw lies(name, path, "it has other content");
        }
      }
      files.add(path);
    }
    return List.copyOf(files);
  }

  /** Whoever could write there could pass for that distribution. */
  private static boolean isOthersMetadata(Path path, Path info) {
    var top = path.getName(0);
    return top.toString().endsWith(".dist-info") && !top.equals(info.getFileName());
  }

  private static HearthException lies(String name, String path, String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The wheel of %s is not what its RECORD says: %s: %s. Use another release, and tell its author."
            .formatted(name, path, what));
  }

  private static String digest(Path file) throws IOException {
    var bytes = HexFormat.of().parseHex(Digests.of(file).hex());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A text file's lines; what is not UTF-8 in it, as old metadata has, is replaced. */
  private static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  /** Entry points by group. */
  Map<String, List<String>> entryPoints() throws IOException {
    var file = info.resolve("entry_points.txt");
    if (!Files.exists(file)) {
      return Map.of();
    }
    var groups = new LinkedHashMap<String, List<String>>();
    var group = "";
    for (var line : lines(file)) {
      var text = line.strip();
      if (text.startsWith("[") && text.endsWith("]")) {
        group = text.substring(1, text.length() - 1).strip();
      } else if (text.contains("=") && !text.startsWith("#")) {
        groups
            .computeIfAbsent(group, _ -> new ArrayList<>())
            .add(text.substring(text.indexOf('=') + 1).strip());
      }
    }
    return groups;
  }

  /** Whether the path is a file of the metadata. */
  static boolean isRecord(String path) {
    return path.endsWith(".dist-info/RECORD");
  }

  Distribution describe(
      List<ModuleImports> modules, List<String> nativeModules, List<String> lackedModules)
      throws IOException {
    return new Distribution(name, modules, nativeModules, lackedModules, entryPoints(), requires);
  }
}
