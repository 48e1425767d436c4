package dev.hearth.standalone;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Generates the settings reference from the metadata of the configuration records. */
class SettingsReferenceTest {

  private static final Path PAGE = Path.of("../docs/reference/settings.md");
  private static final String RENEW = "hearth.docs.renew";

  private static final String HEAD =
      """
      # Settings

      Generated from the configuration records; `./hearth docs` renews it. A setting is given to a service as an environment
      variable (the name in brackets), as `--name=value` or in a file that Spring Boot reads. `./hearth up` passes its own
      environment on.
      """;

  @Test
  void thePageIsUpToDate() throws IOException {
    var page = page();

    if (Boolean.getBoolean(RENEW)) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/reference/settings.md is stale; renew it with ./hearth docs")
        .isEqualTo(page);
  }

  private static String page() throws IOException {
    var settings = new TreeMap<String, JsonNode>();
    var records = new TreeMap<String, JsonNode>();
    for (var metadata : metadata()) {
      metadata.path("groups").forEach(group -> add(group, "type", records));
      metadata.path("properties").forEach(setting -> add(setting, "name", settings));
    }
    var page = new StringBuilder(HEAD);
    records.values().stream()
        .collect(groupingBy(record -> text(record, "name", ""), TreeMap::new, toList()))
        .forEach((prefix, ofPrefix) -> {
          page.append("\n## ").append(prefix).append("\n\n");
          ofPrefix.forEach(record -> append(record, settings.values(), page));
        });
    return page.toString().stripTrailing() + "\n";
  }

  private static void append(JsonNode record, Collection<JsonNode> settings, StringBuilder page) {
    var description = text(record, "description", "");
    page.append(description).append(description.isEmpty() ? "" : "\n\n");
    settings.stream()
        .filter(setting -> text(setting, "sourceType", "").equals(text(record, "type", "")))
        .forEach(setting -> page.append(line(setting)));
    page.append("\n");
  }

  @Test
  void thePageNamesEachSetting() throws IOException {
    var page = Files.readString(PAGE);

    for (var metadata : metadata()) {
      for (var setting : metadata.path("properties")) {
        if (text(setting, "sourceType", "").startsWith("dev.hearth.")) {
          assertThat(page).contains("- `" + text(setting, "name", "") + "` (");
        }
      }
    }
  }

  private static List<JsonNode> metadata() throws IOException {
    var found = new ArrayList<JsonNode>();
    var loader = SettingsReferenceTest.class.getClassLoader();
    for (var file :
        Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
      try (var in = file.openStream()) {
        found.add(JsonMapper.shared().readTree(in));
      }
    }
    return found;
  }

  private static void add(JsonNode node, String key, Map<String, JsonNode> to) {
    if (text(node, "sourceType", "").startsWith("dev.hearth.")) {
      to.put(text(node, key, ""), node);
    }
  }

  private static String line(JsonNode setting) {
    var name = text(setting, "name", "");
    var variable = name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_');
    var type = text(setting, "type", "").replaceAll("[a-z]+\\.", "").replace('$', '.');
    var standard = setting.path("defaultValue");
    return "- `%s` (`%s`), %s, %s  \n  %s\n"
        .formatted(
            name,
            variable,
            type,
            standard.isMissingNode() ? "no default" : "default `" + plain(standard) + "`",
            text(setting, "description", ""));
  }

  private static String plain(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static String text(JsonNode node, String name, String missing) {
    var value = node.path(name);
    return value.isString()
        ? value.stringValue().replaceAll("\\{@\\w+ ([^}]*)}", "`$1`").replaceAll("</?p>", "")
        : missing;
  }
}
