package dev.hearth.build.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * What is left out of artifacts: the file {@code pruning/rules.toml}, and before it what a project
 * itself keeps and drops.
 */
public final class PruningRules {

  private static final String FILE = "/pruning/rules.toml";

  private final String text;
  private final List<Rule> rules;
  private final List<Pattern> kept;
  private final List<Pattern> dropped;

  private record Rules(List<Rule> rules) {}

  private record Rule(
      String name,
      List<String> folders,
      List<String> files,
      List<String> within,
      List<String> having,
      List<String> lacking) {

    Rule {
      folders = orNone(folders);
      files = orNone(files);
      within = orNone(within);
      having = orNone(having);
      lacking = orNone(lacking);
    }

    private static List<String> orNone(@org.jspecify.annotations.Nullable List<String> given) {
      return given == null ? List.of() : given;
    }

    boolean dropsFolder(String name, Collection<String> content) {
      return folders.contains(name)
          && (having.isEmpty() || content.stream().anyMatch(file -> fitsAny(having, file)))
          && content.stream().noneMatch(file -> fitsAny(lacking, file));
    }

    boolean dropsFile(String folder, String name) {
      return fitsAny(files, name) && (within.isEmpty() || fitsAny(within, folder));
    }

    private static boolean fitsAny(List<String> globs, String name) {
      return globs.stream().anyMatch(glob -> pattern(glob).matcher(name).matches());
    }
  }

  private PruningRules(String text, List<Rule> rules, List<Pattern> kept, List<Pattern> dropped) {
    this.text = text;
    this.rules = rules;
    this.kept = kept;
    this.dropped = dropped;
  }

  /** The platform's rules alone. */
  public static PruningRules standard() {
    return with(List.of(), List.of());
  }

  /**
   * The platform's rules and a project's patterns. A pattern is a path below {@code packages/} or
   * the project's folder, or a module's dotted name; {@code *} stands for anything in one name,
   * {@code **} for anything. A pattern without a dot or slash is a folder or module at the top.
   */
  public static PruningRules with(List<String> keep, List<String> drop) {
    try (InputStream file = PruningRules.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new PruningRules(
          text + "\nkeep=" + keep + "\ndrop=" + drop,
          new TomlMapper().readValue(text, Rules.class).rules(),
          keep.stream().map(PruningRules::pathPattern).toList(),
          drop.stream().map(PruningRules::pathPattern).toList());
    } catch (IOException failed) {
      throw new IllegalStateException(FILE + " cannot be read", failed);
    }
  }

  /** Everything that these rules depend on; equal texts prune equally. */
  public String identity() {
    return text;
  }

  /** Whether the project wants the path whatever else is said. */
  public boolean keeps(String path) {
    return kept.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  /**
   * The rule by which a folder goes with all its content.
   *
   * @param content the names of the files in it
   */
  Optional<String> dropsFolder(String name, Collection<String> content) {
    return rules.stream()
        .filter(rule -> rule.dropsFolder(name, content))
        .map(Rule::name)
        .findFirst();
  }

  /** The rule by which a file goes. */
  Optional<String> dropsFile(String path, String folder, String name) {
    if (dropped.stream().anyMatch(pattern -> pattern.matcher(path).matches())) {
      return Optional.of("project");
    }
    return rules.stream().filter(rule -> rule.dropsFile(folder, name)).map(Rule::name).findFirst();
  }

  private static Pattern pathPattern(String given) {
    var path = given.contains("/") || given.contains("*") ? given : given.replace('.', '/');
    var isFile = path.substring(path.lastIndexOf('/') + 1).contains(".");
    var end = path.endsWith("**") || isFile ? "" : "(\\.py|/.*)?";
    return Pattern.compile(expression(path) + end);
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile(expression(glob), Pattern.CASE_INSENSITIVE);
  }

  private static String expression(String glob) {
    var expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      if (glob.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else if (glob.charAt(i) == '*') {
        expression.append("[^/]*");
      } else {
        expression.append(Pattern.quote(glob.substring(i, i + 1)));
      }
    }
    return expression.toString();
  }
}
