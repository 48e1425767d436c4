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
 * @param function the function's name
 * @param number counts from 1 within the function
 * @param state where it is in its lifecycle
 * @param reason why it failed
 * @param source the uploaded archive
 * @param artifact what its build made
 * @param entry {@code module:attribute}, once the build has found it
 * @param convention how the entry is called, once the build has found it
 * @param createdAt when it was uploaded
 * @param changedAt when its state changed
 * @param url path under which its function takes calls
 * @param ref its name within the platform; not part of the JSON
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

  /** Why a revision failed: an error code, and what to do, with the messages of uv or Python. */
  public record Reason(String code, String detail) {}

  /** An object in the store. */
  public record Stored(String digest, long bytes) {}

  /** Result of a build. */
  public record Artifact(String digest, long bytes, long unpackedBytes) {}
}
