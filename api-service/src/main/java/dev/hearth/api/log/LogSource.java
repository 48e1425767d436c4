package dev.hearth.api.log;

/** The source of log lines. */
public enum LogSource {
  BUILD,
  FUNCTION
}
