package dev.hearth.build.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Applies pruning rules to files. Not thread-safe. */
public final class Pruner {

  private final PruningRules rules;
  private final Set<String> spared;
  private final Map<String, Set<String>> folders;
  private final Map<String, String> rulesOfFolders = new HashMap<>();

  private Pruner(PruningRules rules, Set<String> spared, Set<String> files) {
    this.rules = rules;
    this.spared = spared;
    this.folders = folders(files);
  }

  /**
   * The result of pruning.
   *
   * @param kept remaining files by path
   * @param pruned totals of the files left out, by rule
   * @param gone for the path of each Python file left out, the outermost folder left out with it,
   *     or the file itself
   */
  public record Result(
      SortedMap<String, Content> kept, List<Pruned> pruned, SortedMap<String, String> gone) {

    /**
     * Returns the folders and files to spare so that modules are kept.
     *
     * @param modules dotted names
     * @param roots folders that contain the modules, each with a trailing slash, or empty
     */
    public Set<String> holding(Collection<String> modules, List<String> roots) {
      return modules.stream()
          .map(module -> module.replace('.', '/'))
          .flatMap(module -> roots.stream().map(root -> root + module))
          .flatMap(path -> Stream.of(path + ".py", path + "/__init__.py"))
          .flatMap(path -> Optional.ofNullable(gone.get(path)).stream())
          .collect(Collectors.toSet());
    }
  }

  /** Returns all files below a folder by their relative paths, without links. */
  public static SortedMap<String, Content> files(Path folder) throws IOException {
    var files = new TreeMap<String, Content>();
    try (Stream<Path> walked = Files.walk(folder)) {
      walked
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .forEach(file -> files.put(folder.relativize(file).toString(), Content.of(file)));
    }
    return files;
  }

  /**
   * Prunes files.
   *
   * @param files files by path
   * @param spared folders and files that the platform's rules do not leave out; the files in a
   *     spared folder are judged one by one
   */
  public static Result prune(
      SortedMap<String, Content> files, PruningRules rules, Set<String> spared) throws IOException {
    var pruner = new Pruner(rules, spared, files.keySet());
    var kept = new TreeMap<String, Content>();
    var pruned = new TreeMap<String, Pruned>();
    var gone = new TreeMap<String, String>();
    for (var file : files.entrySet()) {
      var path = file.getKey();
      var rule = pruner.ruleFor(path);
      if (rule.isEmpty() || rules.keeps(path)) {
        kept.put(path, file.getValue());
      } else {
        pruned.merge(rule, Pruned.of(rule, file.getValue()), Pruned::plus);
        if (path.endsWith(".py")) {
          gone.put(path, pruner.outermostGone(path));
        }
      }
    }
    return new Result(kept, List.copyOf(pruned.values()), gone);
  }

  private String outermostGone(String file) {
    var outermost = file;
    for (var folder = parent(file); !ruleForFolder(folder).isEmpty(); folder = parent(folder)) {
      outermost = folder;
    }
    return outermost;
  }

  /** Returns the file names of each folder; the root has an empty name. */
  private static Map<String, Set<String>> folders(Set<String> files) {
    var folders = new HashMap<String, Set<String>>();
    for (var file : files) {
      for (var path = file; !path.isEmpty(); path = parent(path)) {
        folders.computeIfAbsent(parent(path), _ -> new TreeSet<>()).add(name(path));
      }
    }
    return folders;
  }

  private String ruleFor(String file) {
    var folder = parent(file);
    var byFolder = ruleForFolder(folder);
    return byFolder.isEmpty()
        ? rules
            .dropsFile(
                file,
                name(folder),
                name(file),
                folders.getOrDefault(folder, Set.of()),
                spared.contains(file))
            .orElse("")
        : byFolder;
  }

  /**
   * Returns the rule that leaves out a whole folder, or an empty text. Metadata folders are always
   * kept.
   */
  private String ruleForFolder(String folder) {
    if (folder.isEmpty() || folder.split("/", 2)[0].endsWith(".dist-info")) {
      return "";
    }
    var known = rulesOfFolders.get(folder);
    if (known != null) {
      return known;
    }
    var outer = ruleForFolder(parent(folder));
    var content = folders.getOrDefault(folder, Set.of());
    var rule = outer;
    if (outer.isEmpty() && !spared.contains(folder)) {
      rule = rules.dropsFolder(folder, content).orElse("");
    }
    rulesOfFolders.put(folder, rule);
    return rule;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Adds up totals by rule. */
  public static List<Pruned> sum(Stream<Pruned> all) {
    Map<String, Pruned> byRule = new TreeMap<>();
    all.forEach(one -> byRule.merge(one.rule(), one, Pruned::plus));
    return List.copyOf(byRule.values());
  }
}
