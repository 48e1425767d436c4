package dev.hearth.build.python;

import java.util.List;

/**
 * The Python that a build is for. This record holds everything that a build assumes about it, so
 * another runtime or language version is another value.
 *
 * @param id identifies the target in artifacts and cache keys; change it whenever the same source
 *     would give a different artifact
 * @param runtime name of the runtime in lower case, as in settings
 * @param title name of the runtime in messages
 * @param languageVersion as {@code major.minor}
 * @param wheels the wheels that the target installs
 * @param substitutes CPython's wheels, which are installed without their native modules where a
 *     release has none in {@code wheels}
 * @param substitutePlatform the platform of {@code substitutes}, as uv's {@code --python-platform}
 *     names it
 * @param interpreterAnswer the resource with the interpreter's recorded answer to uv's query; it
 *     includes the environment of markers (PEP 508)
 */
public record Target(
    String id,
    String runtime,
    String title,
    String languageVersion,
    WheelTags wheels,
    WheelTags substitutes,
    String substitutePlatform,
    String interpreterAnswer) {

  /** Pattern of the tags of Python 3.0 to 3.12, without their prefix. */
  private static final String UP_TO_3_12 = "3(\\d|1[0-2])";

  private static final String ANY_PYTHON = "py(3|" + UP_TO_3_12 + ")";

  /** Platform tags that every node can load; nodes have glibc 2.28 or newer. */
  private static final String NODES =
      "manylinux(1|2010|2014|_2_(\\d|1\\d|2[0-8]))_x86_64|linux_x86_64";

  private static final String SOME_LINUX = "any|(manylinux|linux).*x86_64";

  /** GraalPy 25.2.4 on x86-64 Linux. */
  public static final Target GRAALPY =
      new Target(
          "graalpy-25.2.4-linux-x86_64",
          "graalpy",
          "GraalPy",
          "3.12",
          new WheelTags(
              List.of(
                  WheelTag.of("graalpy312", "graalpy250_312_native", NODES),
                  WheelTag.of("py3", "none", "any")),
              List.of(
                  WheelTag.of("graalpy312", ".*", SOME_LINUX),
                  WheelTag.of(ANY_PYTHON, "none", SOME_LINUX))),
          new WheelTags(
              List.of(
                  WheelTag.of("cp312", "cp312", NODES),
                  WheelTag.of("cp" + UP_TO_3_12, "abi3", NODES)),
              List.of(
                  WheelTag.of(
                      "cp" + UP_TO_3_12 + "|" + ANY_PYTHON, "cp312|abi3|none", SOME_LINUX))),
          "x86_64-manylinux_2_28",
          "/interpreter/graalpy-25.2.4.json");

  @Override
  public String toString() {
    return id;
  }
}
