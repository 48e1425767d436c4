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
 * @param number number of the revision, from 1 within the function
 * @param state state in the lifecycle
 * @param reason why the revision failed
 * @param source the uploaded archive
 * @param artifact the result of the build
 * @param entry {@code module:attribute}, once the build has found it
 * @param convention how the entry is called, once the build has found it
 * @param createdAt when the revision was uploaded
 * @param changedAt when the state changed
 * @param url path at which the function takes calls
 * @param ref identity within the platform; not part of the JSON
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

  /** The error code of a failed revision, and advice with the messages of uv or Python. */
  public record Reason(String code, String detail) {}

  /** An object in the store. */
  public record Stored(String digest, long bytes) {}

  /** Result of a build. */
  public record Artifact(String digest, long bytes, long unpackedBytes) {}
}
