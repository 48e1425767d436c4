package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests build backends that try to escape the sandbox or its limits. */
class HostileBackendsIT {

  @TempDir private static Path folder;

  private static Workshop workshop;
  private static TestIndex reachable;

  @BeforeAll
  static void open() throws IOException {
    assumeTrue(Workshop.hasWalls(), "bubblewrap does not work here, so there is no sandbox to try");
    workshop = Workshop.open(folder);
    reachable = TestIndex.serving(Map.of());
  }

  @AfterAll
  static void close() throws IOException {
    if (workshop != null) {
      workshop.close();
      reachable.close();
    }
  }

  private static Map<String, String> hostile(String body) {
    return Map.of(
        "pyproject.toml",
        project(
            List.of(),
            "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n"),
        "backend.py",
        """
        def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
            %s
        """
            .formatted(body),
        "main.py",
        worker(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "import socket; socket.create_connection(('127.0.0.1', PORT), 5); raise"
            + " SystemExit('reached') | ConnectionRefusedError",
        "import os; raise SystemExit(repr(dict(os.environ))) | failed",
        "open('/etc/shadow').read() | No such file",
        "open('/proc/sys/kernel/core_pattern', 'w').write('x') | Read-only file system",
        "f = open('/tmp/x', 'wb'); [f.write(bytes(1 << 20)) for _ in range(20000)] | No space left",
        "[print('x' * 1000) for _ in range(100000)] | output limit",
        "x = [bytes(1 << 20) for _ in range(100000)] | MemoryError"
      })
  void endsAHostileBackend(String body, String part) {
    var refused = workshop.refused(hostile(body.replace("PORT", String.valueOf(reachable.port()))));

    assertThat(refused.detail()).contains(part).doesNotContain("HEARTH", folder.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "import threading; threading.Event().wait() | time limit of 3 s",
        "import os; [os.fork() for _ in range(1000)] | The build of the project"
      })
  void endsABackendThatHangs(String body, String part, @TempDir Path own) throws IOException {
    try (var impatient = Workshop.impatient(own, "3s")) {
      assertThat(impatient.refused(hostile(body)).detail()).contains(part);
    }
  }

  @Test
  void aBackendCannotWriteItsWheelToOtherFolders() throws IOException {
    var refused =
        workshop.refused(
            hostile(
                """
                import zipfile, os
                    with zipfile.ZipFile(os.path.join(wheel_directory, "x-1-py3-none-any.whl"), "w") as wheel:
                        wheel.writestr("../../../../escaped-1.0.dist-info/METADATA", "Name: escaped\\nVersion: 1.0\\n")
                    return "x-1-py3-none-any.whl"
                """));

    assertThat(refused.detail()).contains("not a plain path inside the wheel");
    try (var files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("escaped"));
    }
  }

  @Test
  void commandsOfABuildRequirementDoNotRunOutsideTheSandbox(@TempDir Path open) throws IOException {
    var met = open.resolve("met");
    assertThat(open.toFile().setWritable(true, false)).isTrue();
    var files = new HashMap<String, String>();
    // uv refuses scripts with the name of a Python executable.
    for (var command : List.of("cat", "dirname", "sh", "env")) {
      files.put("evil-1.data/scripts/" + command, "#!/bin/sh\ntouch " + met + "\n");
    }
    var evil = Map.of("evil-1-py3-none-any.whl", Wheels.wheel("evil", "1", files, ""));
    try (var index = TestIndex.serving(evil)) {
      var pyproject =
          project(
                  List.of(),
                  "[build-system]\nrequires = [\"evil\"]\nbuild-backend = \"evil\"\n[[tool.uv.index]]\nurl = \"%s\"\ndefault = true\n"
                      .formatted(index.url()))
              .replace("version = \"1.2\"", "dynamic = [\"version\"]");

      var refused = workshop.refused(Map.of("pyproject.toml", pyproject, "main.py", worker("")));

      assertThat(refused).isNotNull();
      assertThat(met).doesNotExist();
    }
  }
}
