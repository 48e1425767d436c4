package dev.hearth.api.revision;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The life of a revision, as users see it. */
public enum RevisionState {
  /** Stored, waits for a build. */
  QUEUED,
  /** uv is at work. */
  BUILDING,
  /** The artifact is published, an instance is being made. */
  WARMING,
  /** Calls go to it. */
  LIVE,
  /** It never took calls; the reason says why. */
  FAILED,
  /** A newer one is live. */
  SUPERSEDED;

  /** The legal moves. News travels on several topics, so a revision may skip a state. */
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

  /** As it is written in JSON. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
