package dev.hearth.executor.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Compiles layers of Python code to bytecode, in a process of its own at low priority. */
public interface LayerCompiler {

  /** Returns the release of the interpreter; no other release reads the bytecode. */
  String release();

  /**
   * Compiles layers; blocks until they are compiled.
   *
   * @param folders target folders by layer folder
   * @throws IOException if the compiler process failed
   */
  void compile(Map<Path, Path> folders) throws IOException, InterruptedException;

  /** Ends the compiler process if one runs. */
  void stop();
}
