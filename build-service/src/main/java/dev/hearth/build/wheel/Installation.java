package dev.hearth.build.wheel;

/** How installing one requirement ended. */
public sealed interface Installation {

  /** Everything is there. */
  record Installed() implements Installation {}

  /** The release has no wheel that the platform's interpreter can use. */
  record WheelMissing() implements Installation {}
}
