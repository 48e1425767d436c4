package dev.hearth.build.assembly;

import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerIndex;
import dev.hearth.build.lock.Resolution;
import dev.hearth.contracts.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores layers, resolutions and blobs in memory. */
final class MemoryIndexes implements Blobs, LayerIndex, ResolutionIndex {

  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, List<Layer>> layers = new ConcurrentHashMap<>();
  private final Map<String, Resolution> resolutions = new ConcurrentHashMap<>();

  @Override
  public boolean store(Digest digest, Path file) {
    try {
      return blobs.put(digest, Files.readAllBytes(file)) == null;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  byte[] blob(Digest digest) {
    return Optional.ofNullable(blobs.get(digest)).orElseThrow();
  }

  @Override
  public Optional<List<Layer>> find(String key) {
    return Optional.ofNullable(layers.get(key));
  }

  @Override
  public void keep(String key, List<Layer> made) {
    layers.put(key, made);
  }

  @Override
  public Optional<Resolution> find(String tenant, String key, boolean isLocked) {
    return Optional.ofNullable(resolutions.get(tenant + key));
  }

  @Override
  public void keep(String tenant, String key, Resolution resolution) {
    resolutions.put(tenant + key, resolution);
  }
}
