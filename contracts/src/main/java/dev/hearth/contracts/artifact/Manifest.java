package dev.hearth.contracts.artifact;

import java.util.List;

/**
 * An artifact: its digest is the SHA-256 of this, written as canonical JSON (keys sorted, no
 * spaces). It is an OCI image manifest with an artifact type of our own, so any OCI registry can
 * hold it.
 *
 * @param schemaVersion 2, as OCI wants it
 * @param mediaType {@link #MEDIA_TYPE}
 * @param artifactType {@link #ARTIFACT_TYPE}
 * @param config the blob of the {@link FunctionConfig}
 * @param layers the code first, then a layer for each distribution, by name
 */
public record Manifest(
    int schemaVersion,
    String mediaType,
    String artifactType,
    Descriptor config,
    List<Descriptor> layers) {

  public static final String MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
  public static final String ARTIFACT_TYPE = "application/vnd.hearth.function.v1";
  public static final String CONFIG_TYPE = "application/vnd.hearth.function.config.v1+json";

  /** The project's own files: a zip that goes to {@code app/}. */
  public static final String CODE_TYPE = "application/vnd.hearth.code.v1+zip";

  /** One pruned distribution: a zip that goes to {@code packages/}. */
  public static final String LAYER_TYPE = "application/vnd.hearth.layer.v1+zip";

  public Manifest {
    layers = List.copyOf(layers);
  }

  public static Manifest of(Descriptor config, List<Descriptor> layers) {
    return new Manifest(2, MEDIA_TYPE, ARTIFACT_TYPE, config, layers);
  }
}
