package dev.hearth.executor.host;

/** How host processes boot; where one way cannot be gone, the next one is. */
enum HostStart {
  /** From a snapshot of one that has booted, see {@link StemSnapshot}. */
  SNAPSHOT,
  /** With what the JDK made ready ahead of time, where that is there. */
  CACHE,
  /** Without. */
  PLAIN
}
