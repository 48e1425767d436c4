package dev.hearth.build.wheel;

/** The result of installing one requirement. */
public sealed interface Installation {

  /** The requirement is installed, or its marker excludes the target. */
  record Installed() implements Installation {}

  /** The release has no wheel that the target can use. */
  record WheelMissing() implements Installation {}
}
