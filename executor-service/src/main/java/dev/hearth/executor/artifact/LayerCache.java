package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.kit.transfer.Archives;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Cache of unpacked layers by digest, shared by this node's artifacts. A layer's folder appears
 * complete or not at all.
 */
@Component
class LayerCache {

  private final Path folder;
  private final ArtifactTransfer transfer;
  private final DigestLocks locks = new DigestLocks();

  LayerCache(NodeSettings node, ArtifactTransfer transfer) throws IOException {
    this.folder = Files.createDirectories(node.data().resolve("layers")).toAbsolutePath();
    this.transfer = transfer;
  }

  /** Returns the folder of a layer, fetched first if it is missing. */
  Path unpacked(Digest digest) {
    try (var _ = locks.hold(digest)) {
      var target = folder.resolve(digest.hex());
      if (!Files.isDirectory(target)) {
        fetch(digest, target);
      }
      return target;
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot unpack " + digest, failed);
    }
  }

  private void fetch(Digest digest, Path target) throws IOException {
    var archive = folder.resolve(digest.hex() + ".zip");
    var unpacking = folder.resolve(digest.hex() + ".new");
    transfer.fetch(digest, archive);
    FileSystemUtils.deleteRecursively(unpacking);
    Files.createDirectories(unpacking);
    Archives.unpack(archive, unpacking);
    Files.move(unpacking, target);
    Files.delete(archive);
  }
}
