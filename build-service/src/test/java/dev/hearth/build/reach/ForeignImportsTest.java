package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ForeignImports.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignImportsTest {

  @TempDir private Path folder;

  private List<Foreign> find(String source, String... known) throws IOException {
    var file = Files.writeString(folder.resolve("main.py"), source);
    return ForeignImports.find(new TreeMap<>(Map.of("main.py", Content.of(file))), Set.of(known));
  }

  @Test
  void saysWhatToUseInstead() throws IOException {
    var found = find("from js import Response, fetch\n");

    assertThat(found)
        .extracting(Foreign::message)
        .containsExactly(
            "main.py imports js, but there is no JavaScript in a function of Hearth. Use `from workers import Response, fetch, FormData` and Python's own types.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import js",
        "import js as j",
        "from js import Object, Response as R",
        "from pyodide.ffi import to_js as t",
        "import pyodide.ffi",
        "import pyodide_js",
      })
  void findsImportsThatFailTheStart(String source) throws IOException {
    assertThat(find(source)).singleElement().matches(Foreign::isCertain);
  }

  @Test
  void findsImportsThatFailACall() throws IOException {
    var found = find("def f():\n    from js import Response\n");

    assertThat(found).singleElement().matches(one -> !one.isCertain());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "try:\n    import js\nexcept ImportError:\n    js = None",
        "import sys\nif 'pyodide' in sys.modules:\n    import js",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from js import Request",
        "import json, jsonschema",
        "from web import js",
        "this is not Python",
      })
  void leavesCodeForSeveralWorldsAlone(String source) throws IOException {
    assertThat(find(source)).isEmpty();
  }

  @Test
  void leavesModulesOfTheProjectAlone() throws IOException {
    assertThat(find("import js", "js", "main")).isEmpty();
  }
}
