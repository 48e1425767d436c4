package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Unpacked artifacts by digest, each in a folder that appears whole or not at all. */
@Component
public class ArtifactCache {

  private final Path folder;
  private final Path workspaces;
  private final ArtifactTransfer transfer;
  private final ConcurrentMap<Digest, Object> locks = new ConcurrentHashMap<>();

  ArtifactCache(NodeSettings node, ArtifactTransfer transfer) throws IOException {
    this.folder = Files.createDirectories(node.data().resolve("artifacts")).toAbsolutePath();
    this.workspaces = node.data().resolve("instances").toAbsolutePath();
    this.transfer = transfer;
    // Left by an earlier run that was killed; no instance of it lives.
    FileSystemUtils.deleteRecursively(workspaces);
    Files.createDirectories(workspaces);
  }

  /** The artifact's folder, fetched when it is not here yet. */
  public Path unpacked(Digest digest) {
    synchronized (locks.computeIfAbsent(digest, _ -> new Object())) {
      var target = folder.resolve(digest.hex());
      if (!Files.isDirectory(target)) {
        try {
          fetch(digest, target);
        } catch (IOException failed) {
          throw new UncheckedIOException("cannot unpack " + digest, failed);
        }
      }
      return target;
    }
  }

  /** A folder of the instance's own to write to. */
  public Path workspace(UUID instance) {
    try {
      return Files.createDirectories(workspaces.resolve(instance.toString()).resolve("tmp"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * The instance's own copy of the artifact: native modules have per-context copies made beside
   * them.
   */
  public Path privateCopy(Digest digest, UUID instance) {
    var copy = workspaces.resolve(instance.toString()).resolve("artifact");
    try {
      if (!Files.isDirectory(copy)) {
        FileSystemUtils.copyRecursively(unpacked(digest), copy);
      }
      return copy;
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot copy " + digest, failed);
    }
  }

  /** Removes what the instance wrote. */
  public void discard(UUID instance) {
    try {
      FileSystemUtils.deleteRecursively(workspaces.resolve(instance.toString()));
    } catch (NoSuchFileException _) {
      // Gone already.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void fetch(Digest digest, Path target) throws IOException {
    var archive = folder.resolve(digest.hex() + ".zip");
    var unpacking = folder.resolve(digest.hex() + ".new");
    transfer.fetch(digest, archive);
    FileSystemUtils.deleteRecursively(unpacking);
    Files.createDirectories(unpacking);
    try (var zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = unpacking.resolve(entry.getName()).normalize();
        if (!file.startsWith(unpacking)) {
          throw new IOException("the artifact leaves its folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    Files.move(unpacking, target);
    Files.delete(archive);
  }
}
