package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a call whose client leaves before an answer has begun. */
public enum OnDisconnect {
  /** The code finishes, and its answer is dropped. */
  @JsonProperty("finish")
  FINISH,
  /** The code is cancelled. */
  @JsonProperty("cancel")
  CANCEL
}
