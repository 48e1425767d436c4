package dev.hearth.build.layer;

import dev.hearth.build.pack.Content;
import dev.hearth.build.project.DistributionName;
import dev.hearth.build.reach.Distribution;
import dev.hearth.build.reach.ModuleImports;
import dev.hearth.build.task.Together;
import dev.hearth.build.wheel.CoreMetadata;
import dev.hearth.build.wheel.WheelArchive;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * One installed distribution, as its {@code *.dist-info} folder describes it
 * (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
 *
 * @param info the {@code *.dist-info} folder's name
 * @param name normalized name
 * @param files the distribution's files by their paths in RECORD
 */
record InstalledDistribution(
    String info,
    String name,
    String version,
    String licence,
    List<String> requires,
    SortedMap<String, Content> files) {

  private static final String INFO = ".dist-info";

  /** Longest name or version, and the length to which a licence's first line is cut. */
  private static final int LONGEST_NAME = 100;

  /** Largest number of requirements that are read from a distribution's metadata. */
  private static final int MOST_REQUIREMENTS = 1000;

  private static final long LARGEST_ENTRY_POINTS = 1 << 20;

  private static final String OSI_APPROVED = "License :: OSI Approved :: ";

  private static final Pattern REQUIREMENT_NAME = Pattern.compile("^([A-Za-z0-9._-]+)");

  /**
   * Reads all distributions among installed files, by name.
   *
   * @param installed files by their paths below the folder that goes on {@code sys.path}
   * @throws HearthException if a file does not match its RECORD
   */
  static List<InstalledDistribution> in(SortedMap<String, Content> installed) throws IOException {
    return Together.run(
        installed.keySet().stream()
            .filter(path -> path.indexOf('/') > 0)
            .map(path -> path.substring(0, path.indexOf('/')))
            .filter(folder -> folder.endsWith(INFO))
            .distinct()
            .map(info -> (Callable<InstalledDistribution>) () -> read(installed, info))
            .toList());
  }

  private static InstalledDistribution read(SortedMap<String, Content> installed, String info)
      throws IOException {
    var metadata = CoreMetadata.parse(file(installed, info, "METADATA").bytes());
    var requires =
        metadata.all("Requires-Dist").stream()
            .filter(requirement -> !requirement.contains("extra =="))
            .flatMap(requirement -> requirementName(requirement).stream())
            .distinct()
            .limit(MOST_REQUIREMENTS)
            .toList();
    // The installer compared the folder's name with the requirement, but not the metadata.
    var release = info.substring(0, info.length() - INFO.length());
    if (release.indexOf('-') < 0 || metadata.version().length() > LONGEST_NAME) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "A wheel has a folder %s that is not named NAME-VERSION.dist-info, or its version is too long. Use another release, and tell its author."
              .formatted(info));
    }
    var name = DistributionName.normalized(release.substring(0, release.lastIndexOf('-')));
    return new InstalledDistribution(
        info,
        name,
        metadata.version(),
        licence(metadata),
        requires,
        recorded(installed, info, name));
  }

  private static Content file(SortedMap<String, Content> installed, String info, String name)
      throws IOException {
    var file = installed.get(info + "/" + name);
    if (file == null) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "A wheel has no %s in %s. Use another release, and tell its author."
              .formatted(name, info));
    }
    return readable(file, info, CoreMetadata.LARGEST);
  }

  private static Content readable(Content file, String info, long largest) throws IOException {
    if (file.size() > largest) {
      throw WheelArchive.metadataTooLarge(info.replace(INFO, ""));
    }
    return file;
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
        .map(InstalledDistribution::firstLine)
        .orElse("");
  }

  /**
   * Returns the first line of a licence field, which sometimes holds the whole text of the licence.
   */
  private static String firstLine(String text) {
    var line = text.lines().findFirst().orElse("");
    return line.length() > LONGEST_NAME ? line.substring(0, LONGEST_NAME) + "…" : line;
  }

  private static Optional<String> requirementName(String requirement) {
    var matcher = REQUIREMENT_NAME.matcher(requirement);
    return matcher.find() && matcher.end() <= LONGEST_NAME
        ? Optional.of(DistributionName.normalized(matcher.group(1)))
        : Optional.empty();
  }

  /**
   * Returns the files that RECORD lists and whose hashes match. Scripts are left out, because
   * functions cannot use them.
   */
  private static SortedMap<String, Content> recorded(
      SortedMap<String, Content> installed, String info, String name) throws IOException {
    var files = new TreeMap<String, Content>();
    for (var columns : CSVParser.parse(text(file(installed, info, "RECORD")), CSVFormat.DEFAULT)) {
      var path = Path.of(columns.get(0).replace('\0', '?')).normalize().toString();
      if (path.startsWith("bin/") || path.startsWith("/") || path.startsWith("..")) {
        continue;
      }
      if (isOthersMetadata(path, info)) {
        throw lies(name, path, "the file belongs to another distribution");
      }
      if (files.containsKey(path)) {
        continue;
      }
      var file = installed.get(path);
      if (file == null) {
        throw lies(name, path, "the file is missing");
      }
      if (columns.size() > 1 && columns.get(1).startsWith("sha256=")) {
        var expected = columns.get(1).substring("sha256=".length());
        if (!digest(file).equals(expected)) {
          throw lies(name, path, "the file has another hash");
        }
      }
      files.put(path, file);
    }
    return files;
  }

  /**
   * Returns true if a path lies in the metadata of another distribution. A wheel that writes there
   * could impersonate that distribution.
   */
  private static boolean isOthersMetadata(String path, String info) {
    var top = path.substring(0, Math.max(0, path.indexOf('/')));
    return top.endsWith(INFO) && !top.equals(info);
  }

  private static HearthException lies(String name, String path, String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The wheel of %s does not match its RECORD: %s: %s. Use another release, and tell its author."
            .formatted(name, path, what));
  }

  private static String digest(Content file) throws IOException {
    var sha256 = Digests.sha256();
    try (var in = file.open()) {
      in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
  }

  /** Decodes a text file; replaces bytes that are not UTF-8, which old metadata may contain. */
  private static String text(Content file) throws IOException {
    return new String(file.bytes(), StandardCharsets.UTF_8);
  }

  /** Returns the entry points by group, unparsed. */
  Map<String, List<String>> entryPoints() throws IOException {
    var file = files.get(info + "/entry_points.txt");
    if (file == null) {
      return Map.of();
    }
    var groups = new LinkedHashMap<String, List<String>>();
    var group = "";
    for (var line : text(readable(file, info, LARGEST_ENTRY_POINTS)).lines().toList()) {
      var text = line.strip();
      if (text.startsWith("[") && text.endsWith("]")) {
        group = text.substring(1, text.length() - 1).strip();
      } else if (text.contains("=") && !text.startsWith("#")) {
        groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(text);
      }
    }
    return groups;
  }

  /** Returns the path of the RECORD file. */
  String record() {
    return info + "/RECORD";
  }

  Distribution describe(
      List<ModuleImports> modules, List<String> nativeModules, List<String> lackedModules)
      throws IOException {
    return new Distribution(name, modules, nativeModules, lackedModules, entryPoints(), requires);
  }
}
