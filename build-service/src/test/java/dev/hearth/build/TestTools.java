package dev.hearth.build;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the tools that tests run: those that {@code HEARTH_UV} and {@code HEARTH_BUBBLEWRAP} name,
 * else those that {@code ./hearth} fetched, else those on PATH.
 */
public final class TestTools {

  private TestTools() {}

  /** Returns the path of uv. */
  public static String uv() {
    return tool("HEARTH_UV", "uv/bin/uv", "uv");
  }

  /** Returns the path of bubblewrap; a bare name is found only in the system's folders. */
  public static String bubblewrap() {
    return tool("HEARTH_BUBBLEWRAP", "bubblewrap/bwrap", "bwrap");
  }

  private static String tool(String variable, String fetched, String onPath) {
    var file = Path.of("..", ".hearth-tools", fetched).toAbsolutePath().normalize();
    return System.getenv()
        .getOrDefault(variable, Files.isExecutable(file) ? file.toString() : onPath);
  }
}
