package dev.hearth.build.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Generates the page about the differences from the table that the build reads. */
class DifferencesPageTest {

  private static final Path PAGE = Path.of("../docs/reference/graalpy.md");

  private static final String HEAD =
      """
      # Where GraalPy differs from CPython

      Generated from `build-service`'s table; `./hearth docs` renews it. It holds for functions with the runtime `graalpy`, which has GraalPy 25.2.4
      and Python 3.12. What Hearth mends is not on it: `open`, `time.strftime`, `json`, `select`, `hashlib`, `os`, `ssl` and others behave as in CPython.

      ⚠ marks what the build warns of when the function's own code surely uses it. The warning is in the build's log and in its report; the deploy
      goes on. Code that asks first (`hasattr(select, "poll")`) or handles ImportError gets no warning.
      """;

  @Test
  void thePageIsUpToDate() throws IOException {
    var page = page();

    if (Boolean.getBoolean("hearth.docs.renew")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/reference/graalpy.md is stale; renew it with ./hearth docs")
        .isEqualTo(page);
  }

  private static String page() {
    var page = new StringBuilder(HEAD);
    var group = "";
    for (var difference : Differences.all()) {
      if (!difference.group().equals(group)) {
        group = difference.group();
        page.append("\n## ").append(group).append("\n\n");
        page.append("| use | what happens | instead |\n| --- | --- | --- |\n");
      }
      page.append(
          "| %s | %s | %s |\n"
              .formatted(use(difference), difference.effect(), difference.instead()));
    }
    return page.toString();
  }

  private static String use(Difference difference) {
    if (!difference.isFound()) {
      return difference.use();
    }
    return difference.isFormat() ? "⚠ `datetime.strftime`" : "⚠ `" + difference.use() + "`";
  }
}
