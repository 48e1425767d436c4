package dev.hearth.host.interpreter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.io.IOAccess;

/**
 * Compiles layers to bytecode of the platform's interpreter. Source is parsed, never run. Bytecode
 * holds the hash of its source, so an import ignores stale bytecode. An import also corrects the
 * file name in it, so layers may be linked to any folder.
 */
public final class Bytecode {

  private static final String COMPILE =
      """
        import os, py_compile, sys
        def compile_layer(source, target):
            for folder, _, files in os.walk(source):
                relative = os.path.relpath(folder, source)
                for file in files:
                    if file.endswith(".py"):
                        path = os.path.normpath(os.path.join(relative, file))
                        name = f"{file[:-3]}.{sys.implementation.cache_tag}.pyc"
                        try:
      py_compile.compile(
                                os.path.join(folder, file),
                                cfile=os.path.join(target, relative, "__pycache__", name),
                                dfile=path,
                                doraise=True,
                                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
                            )
                        except (py_compile.PyCompileError, ValueError, RecursionError):
                            pass  # The import of code for another Python says what is wrong.
        compile_layer
      """;

  private Bytecode() {}

  /**
   * Compiles the Python files of layers.
   *
   * @param folders pairs of a layer's folder and the target to which its complete bytecode is moved
   */
  public static void compile(Path home, List<String> folders) throws java.io.IOException {
    PythonHome.use(home);
    try (var context =
        Context.newBuilder("python")
            .allowExperimentalOptions(true)
            .allowIO(IOAccess.ALL)
            .option("engine.WarnInterpreterOnly", "false")
            .option("python.PosixModuleBackend", "java")
            .build()) {
      var compileLayer = context.eval("python", COMPILE + "\n");
      for (int i = 0; i + 1 < folders.size(); i += 2) {
        var target = Path.of(folders.get(i + 1));
        var making = Files.createTempDirectory(target.toAbsolutePath().getParent(), "making");
        compileLayer.execute(folders.get(i), making.toString());
        Files.move(making, target);
      }
    }
  }
}
