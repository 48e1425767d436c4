package dev.hearth.build.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Walks a folder and parts what stays from what goes. Used by one thread. */
public final class Pruner {

  private final PruningRules rules;
  private final SortedMap<String, Path> kept = new TreeMap<>();
  private final SortedMap<String, Pruned> pruned = new TreeMap<>();

  private Pruner(PruningRules rules) {
    this.rules = rules;
  }

  /**
   * What a folder comes to.
   *
   * @param kept files by their path below the folder
   * @param pruned by rule
   */
  public record Result(SortedMap<String, Path> kept, List<Pruned> pruned) {}

  /** Prunes a folder with all below it; links are never followed and never kept. */
  public static Result prune(Path folder, PruningRules rules) throws IOException {
    var pruner = new Pruner(rules);
    pruner.walk(folder, "", "");
    return new Result(pruner.kept, List.copyOf(pruner.pruned.values()));
  }

  /** Walks a folder; with a rule given, all in it goes by that rule unless the project keeps it. */
  private void walk(Path folder, String prefix, String rule) throws IOException {
    List<Path> content;
    try (Stream<Path> listed = Files.list(folder)) {
      content = listed.toList();
    }
    for (var path : content) {
      var name = path.getFileName().toString();
      var relative = prefix + name;
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        var byRule = rule.isEmpty() ? rules.dropsFolder(name, names(path)).orElse("") : rule;
        walk(path, relative + "/", byRule);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        file(path, relative, folder.getFileName().toString(), rule);
      }
    }
  }

  private void file(Path file, String relative, String folder, String byFolder) throws IOException {
    var name = file.getFileName().toString();
    var rule = byFolder.isEmpty() ? rules.dropsFile(relative, folder, name).orElse("") : byFolder;
    if (rule.isEmpty() || rules.keeps(relative)) {
      kept.put(relative, file);
    } else {
      pruned.merge(rule, new Pruned(rule, 1, Files.size(file)), Pruned::plus);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** Adds up what several folders lost. */
  public static List<Pruned> sum(Stream<Pruned> all) {
    Map<String, Pruned> byRule = new TreeMap<>();
    all.forEach(one -> byRule.merge(one.rule(), one, Pruned::plus));
    return List.copyOf(byRule.values());
  }
}
