package dev.hearth.build.project;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/**
 * The table {@code [tool.hearth]}: how a function runs.
 *
 * @param environment {@code [tool.hearth.env]}
 * @param timeout the limit of one call
 * @param concurrency largest number of concurrent calls in one instance; if absent, the convention
 *     decides
 * @param scaling {@code min-instances}, {@code max-instances} and {@code memory}
 * @param egress the only hosts that the function may reach, in lower case; if absent, all hosts on
 *     the Internet
 * @param onDisconnect what happens to a call whose client leaves early; if absent, its code
 *     finishes
 */
public record FunctionTable(
    Optional<String> entry,
    Map<String, String> environment,
    Duration timeout,
    Optional<Integer> concurrency,
    Scaling scaling,
    Optional<List<String>> egress,
    Optional<OnDisconnect> onDisconnect) {

  private static final String TABLE = "[tool.hearth]";
  private static final Set<String> KNOWN =
      Set.of(
          "entry",
          "timeout",
          "concurrency",
          "min-instances",
          "max-instances",
          "memory",
          "egress",
          "on-disconnect",
          "env",
          "build");

  private static final int LONGEST_ENVIRONMENT = 64 * 1024;
  private static final int MOST_CALLS = 1000;
  private static final int MOST_HOSTS = 100;
  private static final int LONGEST_HOST = 253;
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** Least memory that a host process needs for itself. */
  private static final DataSize LEAST_MEMORY = DataSize.ofMegabytes(128);

  private static final DataSize MOST_MEMORY = DataSize.ofGigabytes(8);

  /** A host name, or {@code *.} and a name for all hosts below it. */
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  /**
   * Reads the table.
   *
   * @throws HearthException {@link ErrorCode#PROJECT_INVALID} with what to correct
   */
  static FunctionTable of(JsonNode table) {
    requireKnown(TABLE, table, KNOWN);
    return new FunctionTable(
        text(table, "entry"),
        environment(table.path("env")),
        timeout(text(table, "timeout")),
        number(table, "concurrency", 1, MOST_CALLS),
        scaling(table),
        egress(table.path("egress")),
        text(table, "on-disconnect").map(FunctionTable::onDisconnect));
  }

  /** Refuses unknown settings, so that a misspelt one is not ignored. */
  static void requireKnown(String name, JsonNode table, Set<String> known) {
    requireTable(name, table);
    for (var property : table.properties()) {
      if (!known.contains(property.getKey())) {
        throw invalid(
            "%s has no setting \"%s\". Its settings are %s.%s"
                .formatted(
                    name,
                    property.getKey(),
                    String.join(", ", new TreeSet<>(known)),
                    name.equals(TABLE) && Project.BUILD.contains(property.getKey())
                        ? " It belongs to [tool.hearth.build]."
                        : ""));
      }
    }
  }

  private static void requireTable(String name, JsonNode given) {
    if (!given.isMissingNode() && !given.isObject()) {
      throw invalid("%s must be a table.".formatted(name));
    }
  }

  static Optional<String> text(JsonNode table, String key) {
    var value = table.path(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw invalid("%s %s must be a string.".formatted(TABLE, key));
    }
    return Optional.of(value.asString());
  }

  private static Optional<Integer> number(JsonNode table, String key, int least, int most) {
    var given = table.path(key);
    if (given.isMissingNode()) {
      return Optional.empty();
    }
    if (!given.isInt() || given.intValue() < least || given.intValue() > most) {
      throw invalid(
          "%s %s must be a whole number, %d–%d, but is %s."
              .formatted(TABLE, key, least, most, given));
    }
    return Optional.of(given.intValue());
  }

  private static OnDisconnect onDisconnect(String given) {
    return switch (given) {
      case "finish" -> OnDisconnect.FINISH;
      case "cancel" -> OnDisconnect.CANCEL;
      default ->
          throw invalid(
              "%s on-disconnect must be \"finish\" or \"cancel\", but is \"%s\"."
                  .formatted(TABLE, given));
    };
  }

  private static Scaling scaling(JsonNode table) {
    var standard = Scaling.DEFAULT;
    var least = number(table, "min-instances", 0, Scaling.MOST_INSTANCES);
    var most = number(table, "max-instances", 1, Scaling.MOST_INSTANCES);
    int min = least.orElse(standard.minInstances());
    int max = most.orElse(Math.max(min, standard.maxInstances()));
    if (min > max) {
      throw invalid(
          "%s min-instances is %d and max-instances %d. Raise max-instances or lower min-instances."
              .formatted(TABLE, min, max));
    }
    return new Scaling(min, max, text(table, "memory").map(FunctionTable::memory));
  }

  private static int memory(String given) {
    DataSize size;
    try {
      size = DataSize.parse(given.replace(" ", "").replace("iB", "B"));
    } catch (IllegalArgumentException _) {
      throw invalid(
          "%s memory must be a number and a unit, as in \"512MB\", but is \"%s\"."
              .formatted(TABLE, given));
    }
    if (size.compareTo(LEAST_MEMORY) < 0 || size.compareTo(MOST_MEMORY) > 0) {
      throw invalid(
          "%s memory must be %dMB–%dGB but is \"%s\"."
              .formatted(TABLE, LEAST_MEMORY.toMegabytes(), MOST_MEMORY.toGigabytes(), given));
    }
    return (int) size.toMegabytes();
  }

  private static Optional<List<String>> egress(JsonNode given) {
    if (given.isMissingNode()) {
      return Optional.empty();
    }
    if (!given.isArray()
        || given.size() > MOST_HOSTS
        || given.valueStream().anyMatch(each -> !each.isString())) {
      throw invalid(
          "%s egress must be a list of host names, %d at most.".formatted(TABLE, MOST_HOSTS));
    }
    var hosts = given.valueStream().map(each -> each.asString().toLowerCase(Locale.ROOT)).toList();
    for (var host : hosts) {
      if (host.length() > LONGEST_HOST || !HOST.matcher(host).matches()) {
        throw invalid(
            "%s egress names \"%s\", which is not a host name. Write \"api.example.org\", or \"*.example.org\" for all names below it; no scheme, no port."
                .formatted(TABLE, host));
      }
    }
    return Optional.of(hosts);
  }

  private static Map<String, String> environment(JsonNode table) {
    requireTable("[tool.hearth.env]", table);
    var environment = new LinkedHashMap<String, String>();
    for (var property : table.properties()) {
      if (!property.getValue().isValueNode()) {
        throw invalid(
            "[tool.hearth.env] %s must be a string, a number or a boolean."
                .formatted(property.getKey()));
      }
      RuntimeSettings.requireVariable(
          ErrorCode.PROJECT_INVALID,
          "[tool.hearth.env]",
          property.getKey(),
          property.getValue().asString());
      environment.put(property.getKey(), property.getValue().asString());
    }
    var length =
        environment.entrySet().stream()
            .mapToInt(variable -> variable.getKey().length() + variable.getValue().length())
            .sum();
    if (length > LONGEST_ENVIRONMENT) {
      throw invalid(
          "[tool.hearth.env] may hold %d characters but holds %d."
              .formatted(LONGEST_ENVIRONMENT, length));
    }
    return environment;
  }

  private static Duration timeout(Optional<String> text) {
    if (text.isEmpty()) {
      return RuntimeSettings.DEFAULT_TIMEOUT;
    }
    Duration timeout;
    try {
      timeout = DurationStyle.SIMPLE.parse(text.get());
    } catch (IllegalArgumentException _) {
      throw invalid(
          "%s timeout must be a number and a unit, as in \"30s\", but is \"%s\"."
              .formatted(TABLE, text.get()));
    }
    if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw invalid("%s timeout must be 100ms–15m but is \"%s\".".formatted(TABLE, text.get()));
    }
    return timeout;
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.PROJECT_INVALID, detail);
  }
}
