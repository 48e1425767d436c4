package dev.hearth.api.revision;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hearth.contracts.RevisionRef;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A revision as the API shows it.
 *
 * @param url where its function takes calls
 * @param reason why it failed
 * @param timings milliseconds by step: upload, queue, resolve, install, pack, publish, place, warm
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Revision(
    String function,
    int number,
    RevisionState state,
    @Nullable Reason reason,
    Stored source,
    @Nullable Artifact artifact,
    @Nullable String entry,
    @Nullable String convention,
    Map<String, Double> timings,
    Instant createdAt,
    Instant changedAt,
    String url,
    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) RevisionRef ref) {

  /** Why a revision failed: an error code and what to do, with uv's or Python's own words. */
  public record Reason(String code, String detail) {}

  /** Stored bytes. */
  public record Stored(String digest, long bytes) {}

  /** The build's result. */
  public record Artifact(String digest, long bytes, long unpackedBytes) {}
}
