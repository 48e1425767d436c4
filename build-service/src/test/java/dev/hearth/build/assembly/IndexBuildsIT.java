package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.fromIndex;
import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static dev.hearth.build.assembly.Wheels.wheel;
import static dev.hearth.contracts.ErrorCode.DEPENDENCY_UNINSTALLABLE;
import static dev.hearth.contracts.ErrorCode.DEPENDENCY_UNRESOLVED;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests builds with their own indexes, and with faulty indexes and wheels. */
class IndexBuildsIT {

  @TempDir private static Path folder;

  private static Workshop workshop;

  @BeforeAll
  static void open() throws IOException {
    workshop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws IOException {
    workshop.close();
  }

  private static Map<String, String> uses(String pyproject, String imports) {
    return Map.of("pyproject.toml", pyproject, "main.py", worker("import " + imports));
  }

  @Test
  void theFirstIndexThatHasAPackageWins() throws IOException {
    var first = Map.of("twice-1.0-py3-none-any.whl", wheel("twice", "1.0", ""));
    var second =
        Map.of(
            "twice-2.0-py3-none-any.whl", wheel("twice", "2.0", ""),
            "once-1.0-py3-none-any.whl", wheel("once", "1.0", ""));
    try (var one = TestIndex.serving(first);
        var two = TestIndex.serving(second)) {
      var indexes =
          "[[tool.uv.index]]\nurl = \"%s\"\n[[tool.uv.index]]\nname = \"two\"\nurl = \"%s\"\n"
              .formatted(one.url(), two.url());
      var named = indexes + "[tool.uv.sources]\ntwice = { index = \"two\" }\n";
      var asked = List.of("twice", "once");

      assertThat(workshop.build(uses(project(asked, indexes), "once, twice")).packages())
          .containsExactlyInAnyOrderEntriesOf(Map.of("twice", "1.0", "once", "1.0"));
      assertThat(workshop.build(uses(project(asked, named), "once, twice")).packages())
          .containsExactlyInAnyOrderEntriesOf(Map.of("twice", "2.0", "once", "1.0"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "leaf | | 2.0",
        "leaf | constraint-dependencies = ['leaf<2'] | 1.0",
        "stem | override-dependencies = ['leaf==1.0'] | 1.0"
      },
      quoteCharacter = '`',
      nullValues = "-",
      emptyValue = "")
  void constraintsAndOverridesAreHonoured(String asked, String setting, String expected)
      throws IOException {
    var served =
        Map.of(
            "leaf-1.0-py3-none-any.whl", wheel("leaf", "1.0", "VERSION = 1\n"),
            "leaf-2.0-py3-none-any.whl", wheel("leaf", "2.0", "VERSION = 2\n"),
            "stem-1.0-py3-none-any.whl",
                wheel("stem", "1.0", Map.of("stem.py", "import leaf\n"), "leaf>=2"));
    try (var index = TestIndex.serving(served)) {
      var table = setting == null ? "" : "[tool.uv]\n" + setting + "\n";
      var settings = table + "[[tool.uv.index]]\nurl = \"%s\"\n".formatted(index.url());

      var built = workshop.build(uses(project(List.of(asked), settings), "leaf"));

      assertThat(built.packages()).containsEntry("leaf", expected);
    }
  }

  @Test
  void refusesAWheelWhoseRecordLies() throws IOException {
    var lying = new HashMap<>(Wheels.unzip(wheel("liar", "1.0", "x = 1\n")));
    lying.put("liar.py", "x = 2\n");
    try (var index = TestIndex.serving(Map.of("liar-1.0-py3-none-any.whl", Wheels.zip(lying)))) {
      assertThat(workshop.refused(uses(fromIndex("liar", index.url()), "liar")).detail())
          .contains("liar.py", "RECORD");
    }
  }

  @Test
  void aWheelCannotOverwriteFilesOfAnother() throws IOException {
    // The RECORD does not list these files, but uv installs them anyway.
    var evil = new HashMap<>(Wheels.unzip(wheel("evil", "1.0", "x = 1\n")));
    evil.putAll(Wheels.unzip(wheel("tea", "1.0", "KIND = 'poison'\n")));
    var served =
        Map.of(
            "tea-1.0-py3-none-any.whl", wheel("tea", "1.0", "KIND = 'oolong'\n"),
            "evil-1.0-py3-none-any.whl", Wheels.zip(evil));
    try (var index = TestIndex.serving(served)) {
      var setting = "[[tool.uv.index]]\nurl = \"%s\"\ndefault = true\n".formatted(index.url());
      workshop.refused(uses(project(List.of("tea", "evil"), setting), "tea"));

      var alone = workshop.build(uses(project(List.of("tea"), setting), "tea"));

      assertThat(alone.files()).containsEntry("tea.py", "KIND = 'oolong'\n");
    }
  }

  @Test
  void acceptsMetadataInAnotherEncoding() throws IOException {
    var old = new HashMap<>(Wheels.unzip(wheel("oldlib", "1.0", "x = 1\n")));
    old.computeIfPresent(
        "oldlib-1.0.dist-info/METADATA", (_, text) -> text + "Author: José\nLicense: MIT\n");
    old.put(
        "oldlib-1.0.dist-info/RECORD",
        "oldlib.py,,\noldlib-1.0.dist-info/METADATA,,\noldlib-1.0.dist-info/WHEEL,,\n");
    try (var index = TestIndex.serving(Map.of("oldlib-1.0-py3-none-any.whl", Wheels.zip(old)))) {
      var built = workshop.build(uses(fromIndex("oldlib", index.url()), "oldlib"));

      assertThat(built.files()).containsEntry("oldlib.py", "x = 1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"junk-1.0-py3-none-any.whl", "junk-one-py3-none-any.whl"})
  void refusesInvalidWheels(String file) throws IOException {
    var garbage = "no wheel at all".getBytes(StandardCharsets.UTF_8);
    try (var index = TestIndex.serving(Map.of(file, garbage))) {
      var refused = workshop.refused(uses(fromIndex("junk", index.url()), "junk"));

      assertThat(refused.code()).isIn(DEPENDENCY_UNRESOLVED, DEPENDENCY_UNINSTALLABLE);
      assertThat(refused.detail()).contains("junk");
    }
  }

  @Test
  void refusesAnInvalidIndex() throws IOException {
    var garbage = "\u00ff\0{".repeat(1000).getBytes(StandardCharsets.ISO_8859_1);
    try (var index =
        TestIndex.answering(
            exchange -> TestIndex.send(exchange, "application/vnd.pypi.simple.v1+json", garbage))) {
      var refused = workshop.refused(uses(fromIndex("tea", index.url()), "tea"));

      assertThat(refused.code()).isEqualTo(DEPENDENCY_UNRESOLVED);
      assertThat(refused.detail()).contains(index.url());
    }
  }

  @Test
  void endsARunWhoseIndexNeverCompletesItsAnswer(@TempDir Path own) throws IOException {
    var over = new CountDownLatch(1);
    try (var index = TestIndex.answering(exchange -> trickle(exchange, over));
        var impatient = Workshop.impatientWithIndexes(own, "5s")) {
      var refused = impatient.refused(uses(fromIndex("tea", index.url()), "tea"));

      assertThat(refused.detail()).contains("slowly");
    } finally {
      over.countDown();
    }
  }

  private static void trickle(HttpExchange exchange, CountDownLatch over) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/html");
    exchange.sendResponseHeaders(200, 0);
    try {
      while (!over.await(200, TimeUnit.MILLISECONDS)) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
