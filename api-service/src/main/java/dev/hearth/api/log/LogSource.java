package dev.hearth.api.log;

/** Whose lines they are. */
public enum LogSource {
  BUILD,
  FUNCTION
}
