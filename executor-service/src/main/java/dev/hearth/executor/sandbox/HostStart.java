package dev.hearth.executor.sandbox;

/** Ways in which host processes boot. If one is not available, the next one is used. */
public enum HostStart {
  /** Restore from a snapshot of a host that has booted. */
  SNAPSHOT,
  /** Boot with the JDK's ahead-of-time cache, where the build made one. */
  CACHE,
  /** Boot without a cache. */
  PLAIN
}
