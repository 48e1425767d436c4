package dev.hearth.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A manifest's reference to a blob (OCI image specification 1.1).
 *
 * @param mediaType type of the blob's content
 * @param digest digest of the blob
 * @param size size of the blob in bytes
 * @param annotations facts about the blob for readers of the manifest
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations) {

  /** Annotation of a layer: the distribution's normalized name. */
  public static final String PACKAGE = "dev.hearth.package";

  /** Annotation of a layer: the distribution's version. */
  public static final String VERSION = "dev.hearth.version";

  /** Annotation of a layer that no import reaches; nodes fetch it after the start. */
  public static final String UNREACHED = "dev.hearth.unreached";

  public Descriptor {
    SortedMap<String, String> sorted = new TreeMap<>(annotations);
    annotations = java.util.Collections.unmodifiableSortedMap(sorted);
  }

  /** Returns true if no import of the code reaches this layer. */
  @JsonIgnore
  public boolean isUnreached() {
    return annotations.containsKey(UNREACHED);
  }
}
