package dev.hearth.executor.host;

/** What stands between tenants' functions and the machine. */
enum Isolation {
  /** A wall around each host process; where that cannot be built, only trusted tenants run. */
  SANDBOX,
  /** The operator's word that the process and the interpreter are wall enough. */
  PROCESS
}
