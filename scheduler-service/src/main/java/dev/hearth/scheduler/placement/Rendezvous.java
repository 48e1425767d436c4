package dev.hearth.scheduler.placement;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Highest-random-weight hashing (Thaler and Ravishankar, 1998): a function stays on its node while
 * other nodes come and go, so it stays warm, and no table is needed.
 */
final class Rendezvous {

  private Rendezvous() {}

  /** Returns the node for a key; empty if there are no nodes. */
  static Optional<String> choose(String key, Collection<String> nodes) {
    return nodes.stream()
        .max(
            Comparator.comparingLong((String node) -> weight(key, node))
                .thenComparing(node -> node));
  }

  private static long weight(String key, String node) {
    var crc = new CRC32C();
    crc.update((node + "\0" + key).getBytes(StandardCharsets.UTF_8));
    // Similar names have similar CRCs; mixing (Stafford's variant 13) spreads them.
    var mixed = crc.getValue() * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
