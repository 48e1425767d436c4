package dev.hearth.standalone;

import dev.hearth.build.assembly.ResolutionIndex;
import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerIndex;
import dev.hearth.build.lock.Resolution;
import dev.hearth.contracts.Digest;
import dev.hearth.kit.artifact.CanonicalJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The file cache of builds without a platform: {@code blobs/} by digest, {@code layers/} and {@code
 * resolutions/} by key. Files are moved into place when complete, so concurrent builds may share
 * it.
 */
final class FolderIndexes implements Blobs {

  private final Path blobs;
  private final Path layers;
  private final Path resolutions;
  private final Duration fresh;

  FolderIndexes(Path folder, Duration fresh) throws IOException {
    this.fresh = fresh;
    this.blobs = Files.createDirectories(folder.resolve("blobs"));
    this.layers = Files.createDirectories(folder.resolve("layers"));
    this.resolutions = Files.createDirectories(folder.resolve("resolutions"));
  }

  private record Layers(List<Layer> layers) {}

  LayerIndex layers() {
    return new LayerIndex() {
      @Override
      public Optional<List<Layer>> find(String key) {
        return read(layers.resolve(key), Layers.class)
            .map(Layers::layers)
            .filter(found ->
                found.stream()
                    .allMatch(layer -> Files.exists(blobs.resolve(layer.digest().hex()))));
      }

      @Override
      public void keep(String key, List<Layer> made) {
        write(layers.resolve(key), CanonicalJson.bytes(new Layers(made)));
      }
    };
  }

  ResolutionIndex resolutions() {
    return new ResolutionIndex() {
      @Override
      public Optional<Resolution> find(String tenant, String key, boolean isLocked) {
        var file = resolutions.resolve(key);
        return isLocked || isFresh(file) ? read(file, Resolution.class) : Optional.empty();
      }

      @Override
      public void keep(String tenant, String key, Resolution resolution) {
        write(resolutions.resolve(key), CanonicalJson.bytes(resolution));
      }
    };
  }

  private boolean isFresh(Path file) {
    return Instant.ofEpochMilli(file.toFile().lastModified()).plus(fresh).isAfter(Instant.now());
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Files.exists(file) ? Optional.of(CanonicalJson.read(file, type)) : Optional.empty();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      var temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "new", "");
      Files.write(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public boolean store(Digest digest, Path file) {
    var target = blobs.resolve(digest.hex());
    if (Files.exists(target)) {
      return false;
    }
    try {
      var temporary = Files.createTempFile(blobs, "new", "");
      Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
