package dev.hearth.build.difference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.pack.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DifferenceFinderTest {

  @TempDir private Path folder;

  private List<DifferenceFinder.Place> find(String source) throws IOException {
    var file = Files.writeString(folder.resolve("app.py"), source);
    return DifferenceFinder.find(new TreeMap<>(Map.of("app.py", Content.of(file))));
  }

  @Test
  void saysWhereCodeMeetsADifferenceAndWhatToDo() throws IOException {
    var found = find("import select\n\nready = select.poll()\nselect.poll()\n");

    assertThat(found)
        .extracting(DifferenceFinder.Place::message)
        .containsExactly(
            "warning: app.py:3: select.poll: is missing; use selectors.DefaultSelector");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import dis",
        "import dis as d",
        "from select import poll",
        "from select import (select, poll as p)",
        "import socket as s\ns.socket(s.AF_UNIX)",
        "from concurrent import futures\nfutures.ProcessPoolExecutor()",
        "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor()",
        "def f():\n    import os\n    os.fork()",
        "import datetime\ndatetime.datetime.now().strftime('%F')",
        "moment.strftime('%Y' '-%e')",
        "moment.strftime('%_d')",
      })
  void findsUses(String source) throws IOException {
    assertThat(find(source)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import select\nselect.select([], [], [])",
        "poll = select = None\nselect.poll()",
        "self.select.poll()",
        "import select\nif hasattr(select, 'poll'):\n    select.poll()",
        "import select\nf = getattr(select, 'epoll', None)",
        "try:\n    import dis\nexcept ImportError:\n    dis = None",
        "import time\ntime.strftime('%F')",
        "moment.strftime('%Y-%m-%d %H:%M:%S %z %-d %%F')",
        "'%F'",
        "import os.path\nos.fork = None",
        "this is not Python",
      })
  void findsNothingElse(String source) throws IOException {
    assertThat(find(source)).isEmpty();
  }
}
