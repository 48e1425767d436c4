package dev.hearth.build.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Parts the files that stay from those that go. Used by one thread. */
public final class Pruner {

  private final PruningRules rules;
  private final Map<String, Set<String>> folders;
  private final Map<String, String> rulesOfFolders = new HashMap<>();

  private Pruner(PruningRules rules, Set<String> files) {
    this.rules = rules;
    this.folders = folders(files);
  }

  /**
   * What files come to.
   *
   * @param kept by their paths
   * @param pruned by rule
   */
  public record Result(SortedMap<String, Content> kept, List<Pruned> pruned) {}

  /** Prunes a folder with all below it; links are never followed and never kept. */
  public static Result prune(Path folder, PruningRules rules) throws IOException {
    return prune(files(folder), rules);
  }

  /** All files below a folder, by their paths there; no links. */
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
   * @param files by paths below one folder
   */
  public static Result prune(SortedMap<String, Content> files, PruningRules rules)
      throws IOException {
    var pruner = new Pruner(rules, files.keySet());
    var kept = new TreeMap<String, Content>();
    var pruned = new TreeMap<String, Pruned>();
    for (var file : files.entrySet()) {
      var rule = pruner.ruleFor(file.getKey());
      if (rule.isEmpty() || rules.keeps(file.getKey())) {
        kept.put(file.getKey(), file.getValue());
      } else {
        pruned.merge(rule, new Pruned(rule, 1, file.getValue().size()), Pruned::plus);
      }
    }
    return new Result(kept, List.copyOf(pruned.values()));
  }

  /** The names in each folder; the one around everything has no name. */
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
        ? rules.dropsFile(file, name(folder), name(file)).orElse("")
        : byFolder;
  }

  /** The rule by which everything in a folder goes, or empty; folders of metadata stay. */
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
    var rule = outer.isEmpty() ? rules.dropsFolder(folder, content).orElse("") : outer;
    rulesOfFolders.put(folder, rule);
    return rule;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Adds up what several folders lost. */
  public static List<Pruned> sum(Stream<Pruned> all) {
    Map<String, Pruned> byRule = new TreeMap<>();
    all.forEach(one -> byRule.merge(one.rule(), one, Pruned::plus));
    return List.copyOf(byRule.values());
  }
}
