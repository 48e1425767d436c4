package dev.hearth.build.layer;

import dev.hearth.build.pack.Pruned;
import dev.hearth.build.reach.Distribution;
import dev.hearth.contracts.Digest;
import java.util.List;

/**
 * A stored layer and the distribution in it.
 *
 * @param name normalized
 * @param licence as the metadata says, or empty
 * @param digest of the zip
 * @param bytes of the zip
 * @param unpackedBytes of its files
 * @param compressedBytes of its files, each deflated
 * @param wholeBytes of the files as they were installed, before pruning
 * @param wholeCompressedBytes of those, each deflated
 * @param pruned by rule
 */
public record Layer(
    String name,
    String version,
    String licence,
    Digest digest,
    long bytes,
    int files,
    long unpackedBytes,
    long compressedBytes,
    long wholeBytes,
    long wholeCompressedBytes,
    List<Pruned> pruned,
    Distribution content) {

  public Layer {
    pruned = List.copyOf(pruned);
  }
}
