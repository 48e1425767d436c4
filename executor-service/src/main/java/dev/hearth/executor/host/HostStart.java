package dev.hearth.executor.host;

/** How host processes boot. */
enum HostStart {
  /** With what the JDK made ready ahead of time, where that is there. */
  CACHE,
  /** Without. */
  PLAIN
}
