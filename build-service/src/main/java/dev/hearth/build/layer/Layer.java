package dev.hearth.build.layer;

import dev.hearth.build.pack.Pruned;
import dev.hearth.build.reach.Distribution;
import dev.hearth.contracts.Digest;
import java.util.List;

/**
 * A stored layer and the distribution in it.
 *
 * @param name normalized name of the distribution
 * @param licence the licence that the metadata states, or empty
 * @param digest digest of the layer's zip
 * @param bytes size of the zip
 * @param unpackedBytes total size of the files
 * @param compressedBytes total size of the files, each deflated
 * @param wholeBytes total size of the installed files, before pruning
 * @param wholeCompressedBytes total size of the installed files, each deflated
 * @param pruned what pruning left out, by rule
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
