package dev.hearth.executor.sandbox;

/** Barriers between the functions of tenants and the machine. */
public enum Isolation {
  /** Each host process has a sandbox; where none can be built, only trusted tenants run. */
  SANDBOX,
  /** The operator accepts the process and the interpreter as the only barriers. */
  PROCESS
}
