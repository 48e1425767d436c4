package dev.hearth.standalone;

import dev.hearth.build.assembly.Assembled;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.artifact.Descriptor;
import dev.hearth.contracts.artifact.Manifest;
import dev.hearth.kit.artifact.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Writes an artifact to a folder (OCI image layout 1.0.0,
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md), with the build's report
 * beside it.
 *
 * @param folder folder to write to
 * @param blobs folder with the blobs by digest
 */
record OciLayout(Path folder, Path blobs) {

  void write(Assembled assembled) throws IOException {
    var target = Files.createDirectories(folder.resolve("blobs/sha256"));
    copy(assembled.digest(), target);
    copy(assembled.manifest().config().digest(), target);
    for (var layer : assembled.manifest().layers()) {
      copy(layer.digest(), target);
    }
    Files.write(
        folder.resolve("oci-layout"), CanonicalJson.bytes(Map.of("imageLayoutVersion", "1.0.0")));
    var manifest =
        new Descriptor(
            Manifest.MEDIA_TYPE,
            assembled.digest(),
            Files.size(target.resolve(assembled.digest().hex())),
            Map.of());
    Files.write(
        folder.resolve("index.json"),
        CanonicalJson.bytes(
            Map.of(
                "schemaVersion",
                2,
                "mediaType",
                "application/vnd.oci.image.index.v1+json",
                "manifests",
                List.of(manifest))));
    Files.copy(
        blobs.resolve(assembled.reportDigest().hex()),
        folder.resolve("report.json"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(Digest digest, Path target) throws IOException {
    Files.copy(
        blobs.resolve(digest.hex()),
        target.resolve(digest.hex()),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
