package dev.hearth.build.queue;

/** The lifecycle of a build, as the table {@code build} stores it. */
enum BuildState {
  /** Waits for a worker. */
  QUEUED,
  /** A worker holds it under a lease; when the lease expires, another worker may take it. */
  RUNNING,
  /** An artifact was made. */
  SUCCEEDED,
  /** The build ended without an artifact. */
  FAILED;

  /** Returns true if a build in this state may move to the next one. */
  boolean mayBecome(BuildState next) {
    return switch (this) {
      case QUEUED -> next == RUNNING;
      case RUNNING -> next != QUEUED;
      case SUCCEEDED, FAILED -> false;
    };
  }
}
