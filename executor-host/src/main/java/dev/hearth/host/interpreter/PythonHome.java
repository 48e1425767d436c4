package dev.hearth.host.interpreter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;

/**
 * The folder with Python's standard library, unpacked once and with bytecode beside each module.
 * Without bytecode each further context spends twice the time on imports and a multiple of the
 * memory.
 */
public final class PythonHome {

  private static final String READY = ".hearth-ready";

  private PythonHome() {}

  /** Makes engines of this process read from the folder; must come before the first engine. */
  static void use(Path home) {
    System.setProperty("polyglot.engine.resourcePath", home.toString());
  }

  /**
   * Unpacks the library; a second process then {@link #compile compiles}, for an engine keeps the
   * first place it saw.
   */
  public static void unpack(Path home) throws IOException {
    if (Files.exists(home.resolve(READY))) {
      return;
    }
    try (var _ =
        Engine.newBuilder("python").option("engine.WarnInterpreterOnly", "false").build()) {
      Engine.copyResources(home);
    }
  }

  /** Writes bytecode beside each module. */
  public static void compile(Path home) throws IOException {
    if (Files.exists(home.resolve(READY))) {
      return;
    }
    use(home);
    try (var context =
        Context.newBuilder("python")
            .allowAllAccess(true)
            .option("engine.WarnInterpreterOnly", "false")
            .option("python.PosixModuleBackend", "java")
            .build()) {
      context.eval(
          "python",
          """
          import compileall, re, sys
          skipped = re.compile(r"/(test|tests|idlelib|lib2to3|tkinter|turtledemo|ensurepip|site-packages)/")
          for folder in sys.path:
              if folder.startswith(sys.prefix):
                  compileall.compile_dir(folder, quiet=2, rx=skipped)
          """);
    }
    Files.writeString(home.resolve(READY), "");
  }
}
