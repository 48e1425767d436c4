package dev.hearth.host.interpreter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;

/**
 * Folder of Python's standard library, unpacked once, with bytecode beside each module. Without
 * bytecode, imports in each further context take twice the time and several times the memory.
 */
public final class PythonHome {

  private static final String READY = ".hearth-ready";

  private PythonHome() {}

  /**
   * Sets the folder from which engines read the library; must run before the first engine is made.
   */
  static void use(Path home) {
    System.setProperty("polyglot.engine.resourcePath", home.toString());
  }

  /**
   * Unpacks the library. Another process must {@link #compile} it, because an engine keeps the
   * first folder that it has read from.
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

  /** Compiles each module to bytecode beside it. */
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
