package dev.hearth.contracts.artifact;

import java.util.List;

/**
 * The manifest of an artifact. Its digest as canonical JSON (sorted keys, no spaces) is the
 * artifact's digest. It is an OCI image manifest with its own artifact type, so any OCI registry
 * can store it.
 *
 * @param schemaVersion 2, as OCI requires
 * @param mediaType {@link #MEDIA_TYPE}
 * @param artifactType {@link #ARTIFACT_TYPE}
 * @param config blob with the {@link FunctionConfig}
 * @param layers layer of the code, then a layer for each distribution, sorted by name
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

  /** Media type of the project's own files: a zip that is unpacked to {@code app/}. */
  public static final String CODE_TYPE = "application/vnd.hearth.code.v1+zip";

  /** Media type of one pruned distribution: a zip that is unpacked to {@code packages/}. */
  public static final String LAYER_TYPE = "application/vnd.hearth.layer.v1+zip";

  public Manifest {
    layers = List.copyOf(layers);
  }

  public static Manifest of(Descriptor config, List<Descriptor> layers) {
    return new Manifest(2, MEDIA_TYPE, ARTIFACT_TYPE, config, layers);
  }
}
