package dev.hearth.kit.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.artifact.Descriptor;
import dev.hearth.contracts.artifact.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

  private static final Digest DIGEST = Digest.ofHex("ab".repeat(32));

  private static Manifest manifest(Map<String, String> annotations) {
    return Manifest.of(
        new Descriptor(Manifest.CONFIG_TYPE, DIGEST, 1, Map.of()),
        List.of(new Descriptor(Manifest.LAYER_TYPE, DIGEST, 2, annotations)));
  }

  @Test
  void writesAManifestWithAStableDigest() {
    var annotations = new LinkedHashMap<String, String>();
    annotations.put(Descriptor.VERSION, "1");
    annotations.put(Descriptor.PACKAGE, "tea");

    assertThat(new String(CanonicalJson.bytes(manifest(annotations)), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"artifactType":"application/vnd.hearth.function.v1",\
            "config":{"annotations":{},"digest":"DIGEST","mediaType":"application/vnd.hearth.function.config.v1+json","size":1},\
            "layers":[{"annotations":{"dev.hearth.package":"tea","dev.hearth.version":"1"},"digest":"DIGEST",\
            "mediaType":"application/vnd.hearth.layer.v1+zip","size":2}],\
            "mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2}\
            """
                .replace("DIGEST", DIGEST.value()));
  }

  @Test
  void readsWhatItWrites() {
    var written = manifest(Map.of(Descriptor.UNREACHED, "true"));

    assertThat(CanonicalJson.read(CanonicalJson.bytes(written), Manifest.class)).isEqualTo(written);
  }
}
