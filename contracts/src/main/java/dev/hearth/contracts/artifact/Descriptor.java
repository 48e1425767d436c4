package dev.hearth.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A blob that a manifest names (OCI image specification 1.1).
 *
 * @param mediaType what the blob holds
 * @param digest of its bytes
 * @param size in bytes
 * @param annotations what a reader of the manifest may want to know without fetching the blob
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations) {

  /** Annotation of a layer: the distribution's normalized name. */
  public static final String PACKAGE = "dev.hearth.package";

  /** Annotation of a layer: the distribution's version. */
  public static final String VERSION = "dev.hearth.version";

  /** Annotation of a layer that no import leads to: nodes fetch it after the start. */
  public static final String UNREACHED = "dev.hearth.unreached";

  public Descriptor {
    SortedMap<String, String> sorted = new TreeMap<>(annotations);
    annotations = java.util.Collections.unmodifiableSortedMap(sorted);
  }

  /** Returns true if no import of the code leads to this layer. */
  @JsonIgnore
  public boolean isUnreached() {
    return annotations.containsKey(UNREACHED);
  }
}
