package dev.hearth.api.revision;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Lifecycle of a revision, as users see it. */
public enum RevisionState {
  /** The source is stored and waits for a build. */
  QUEUED,
  /** A worker builds the revision. */
  BUILDING,
  /** The artifact is published and an instance is being started. */
  WARMING,
  /** The revision takes the function's calls. */
  LIVE,
  /** The revision never took a call; the reason says why. */
  FAILED,
  /** A newer revision is live. */
  SUPERSEDED;

  /**
   * Returns true if a revision in this state may move to the given one. Events arrive on several
   * topics, so a revision may skip a state.
   */
  public boolean mayBecome(RevisionState next) {
    return switch (this) {
      case QUEUED ->
          next == BUILDING
              || next == WARMING
              || next == LIVE
              || next == FAILED
              || next == SUPERSEDED;
      case BUILDING -> next == WARMING || next == LIVE || next == FAILED || next == SUPERSEDED;
      case WARMING -> next == LIVE || next == FAILED || next == SUPERSEDED;
      case LIVE -> next == SUPERSEDED;
      case FAILED, SUPERSEDED -> false;
    };
  }

  /** Returns the state as it is written in JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
