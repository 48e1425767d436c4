package dev.hearth.executor.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Compiles layers of Python code to bytecode, in a process of its own at low priority. */
public interface LayerCompiler {

  /** Returns the release of the interpreter; other releases do not read the bytecode. */
  String release();

  /**
   * Compiles layers; blocks until that is done.
   *
   * @param folders target folder by folder of the layer
   * @throws IOException when the process failed
   */
  void compile(Map<Path, Path> folders) throws IOException, InterruptedException;

  /** Ends the process that runs, if there is one. */
  void stop();
}
