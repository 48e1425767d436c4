package dev.hearth.build.pack;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Rules for files that artifacts leave out: a project's own {@code keep} and {@code drop}, then the
 * file {@code pruning/rules.toml}.
 */
public final class PruningRules {

  private static final String FILE = "/pruning/rules.toml";
  private static final int MOST_PATTERNS = 200;

  private final String text;
  private final List<Rule> rules;
  private final List<Glob> kept;
  private final List<Glob> dropped;
  private final List<String> languages;

  /** The rules file; settings that a rule omits are absent. */
  private record RulesFile(List<WrittenRule> rules) {}

  private record WrittenRule(
      String name,
      @Nullable List<String> folders,
      @Nullable List<String> files,
      @Nullable List<String> within,
      @Nullable List<String> having,
      @Nullable List<String> lacking,
      @Nullable List<String> beside,
      @Nullable List<String> language,
      @Nullable Boolean top,
      @Nullable Boolean packages) {

    Rule read() {
      return new Rule(
          name,
          folders == null
              ? List.of()
              : folders.stream().map(glob -> Glob.of(glob, "a rule")).toList(),
          patterns(files),
          patterns(within),
          patterns(having),
          patterns(lacking),
          beside == null ? List.of() : beside,
          language == null ? List.of() : language.stream().map(Pattern::compile).toList(),
          Boolean.TRUE.equals(top),
          Boolean.TRUE.equals(packages));
    }

    private static List<Glob> patterns(@Nullable List<String> globs) {
      return globs == null ? List.of() : globs.stream().map(Glob::ofName).toList();
    }
  }

  private record Rule(
      String name,
      List<Glob> folders,
      List<Glob> files,
      List<Glob> within,
      List<Glob> having,
      List<Glob> lacking,
      List<String> beside,
      List<Pattern> language,
      boolean top,
      boolean packages) {

    boolean dropsFolder(String path, Collection<String> content) {
      return fitsAny(folders, path.substring(path.lastIndexOf('/') + 1))
          && (!top || path.indexOf('/') < 0)
          && (having.isEmpty() || content.stream().anyMatch(file -> fitsAny(having, file)))
          && content.stream().noneMatch(file -> fitsAny(lacking, file));
    }

    boolean dropsFile(String folder, String name, Collection<String> content) {
      return fitsAny(files, name)
          && (within.isEmpty() || fitsAny(within, folder))
          && (beside.isEmpty() || content.stream().anyMatch(other -> belongs(other, name)));
    }

    /** Returns true if a file is a translation into a language that is not listed. */
    boolean isForOthers(String path, List<String> languages) {
      return !languages.isEmpty()
          && language.stream()
              .map(pattern -> pattern.matcher(path))
              .filter(Matcher::matches)
              .anyMatch(
                  found -> languages.stream().noneMatch(each -> isPartOf(each, found.group(1))));
    }

    /**
     * Returns true if one language is a variant of the other, as {@code de_AT} is of {@code de}.
     */
    private static boolean isPartOf(String one, String other) {
      var left = one.replace('-', '_').toLowerCase(Locale.ROOT) + "_";
      var right = other.replace('-', '_').toLowerCase(Locale.ROOT) + "_";
      return left.startsWith(right) || right.startsWith(left);
    }

    private boolean belongs(String other, String name) {
      return stem(other).equals(stem(name)) && beside.stream().anyMatch(other::endsWith);
    }

    private static String stem(String name) {
      return name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    }
  }

  private static boolean fitsAny(List<Glob> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.fits(name));
  }

  private PruningRules(
      String text, List<Rule> rules, List<Glob> kept, List<Glob> dropped, List<String> languages) {
    this.text = text;
    this.rules = rules;
    this.kept = kept;
    this.dropped = dropped;
    this.languages = List.copyOf(languages);
  }

  /**
   * Returns the rules for a project's own files. Rules for dependencies only are left out, because
   * they could match a project's data.
   */
  public PruningRules forProject() {
    return new PruningRules(
        text, rules.stream().filter(rule -> !rule.packages()).toList(), kept, dropped, languages);
  }

  /** Returns the platform's rules. */
  public static PruningRules standard() {
    return with(List.of(), List.of(), List.of());
  }

  /**
   * Returns the platform's rules with a project's patterns. A pattern is a path below {@code
   * packages/} or the project's folder, or a module's dotted name; {@code *} stands for anything in
   * one name, {@code **} for anything. A pattern without a dot or slash is a folder or module at
   * the top.
   *
   * @param languages languages whose translations are kept ({@code de}, {@code pt_BR}); all if
   *     empty
   */
  public static PruningRules with(List<String> keep, List<String> drop, List<String> languages) {
    if (keep.size() + drop.size() > MOST_PATTERNS) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.hearth.build] has more than %d patterns in keep and drop. Combine some with * or **."
              .formatted(MOST_PATTERNS));
    }
    try (InputStream file = PruningRules.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return new PruningRules(
          text + JsonMapper.shared().writeValueAsString(List.of(keep, drop, languages)),
          new TomlMapper()
              .readValue(text, RulesFile.class).rules().stream().map(WrittenRule::read).toList(),
          keep.stream().flatMap(PruningRules::pathPatterns).toList(),
          drop.stream().flatMap(PruningRules::pathPatterns).toList(),
          languages);
    } catch (IOException failed) {
      throw new IllegalStateException(FILE + " cannot be read", failed);
    }
  }

  /** Returns a fingerprint. Rules with equal fingerprints leave out the same files. */
  public String identity() {
    return text;
  }

  /** Returns true if the project keeps the path whatever the other rules say. */
  public boolean keeps(String path) {
    return fitsAny(kept, path);
  }

  /**
   * Returns the rule that leaves out a folder with all its content.
   *
   * @param path the folder's path below the one on {@code sys.path}
   * @param content the names of the files in it
   */
  Optional<String> dropsFolder(String path, Collection<String> content) {
    return rules.stream()
        .filter(rule -> rule.dropsFolder(path, content))
        .map(Rule::name)
        .findFirst();
  }

  /**
   * Returns the rule that leaves out a file.
   *
   * @param content the names of the files in its folder
   * @param isSpared true if only the project's own rules apply
   */
  Optional<String> dropsFile(
      String path, String folder, String name, Collection<String> content, boolean isSpared) {
    if (fitsAny(dropped, path)) {
      return Optional.of("project");
    }
    if (isSpared) {
      return Optional.empty();
    }
    return rules.stream()
        .filter(rule -> rule.dropsFile(folder, name, content) || rule.isForOthers(path, languages))
        .map(Rule::name)
        .findFirst();
  }

  /** Returns what a pattern means: a path, and a module unless it can only be a path. */
  private static Stream<Glob> pathPatterns(String given) {
    return given.contains("/") || given.contains("*")
        ? Stream.of(pathPattern(given))
        : Stream.of(given, given.replace('.', '/')).distinct().map(PruningRules::pathPattern);
  }

  private static Glob pathPattern(String path) {
    var end = path.endsWith("**") ? "" : "(\\.py|/.*)?";
    return Glob.followedBy(end, path, "[tool.hearth.build]");
  }
}
