package dev.hearth.executor.output;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.executor.node.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The placements whose instances may print. The name of an instance begins with the id of its
 * placement. A placement that has ended is remembered for a while, because its last lines may still
 * be on their way.
 */
final class OutputSources {

  /** Time that the last lines of an ended placement may take. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private static final int ID_LENGTH = 36;

  /** The placement and the revision that a line belongs to. */
  record Source(UUID placement, RevisionRef revision) {}

  private record Ended(UUID placement, long at) {}

  private final Ticker ticker;
  private final Map<UUID, Source> sources = new ConcurrentHashMap<>();
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

  OutputSources(Ticker ticker) {
    this.ticker = ticker;
  }

  void add(UUID placement, RevisionRef revision) {
    sources.put(placement, new Source(placement, revision));
  }

  /** Remembers a placement for a little longer. */
  void end(UUID placement) {
    ended.add(new Ended(placement, ticker.nanoTime()));
  }

  /** Returns the source of a line, by the name of the instance that printed it. */
  Optional<Source> of(String instance) {
    if (instance.length() < ID_LENGTH) {
      return Optional.empty();
    }
    try {
      var placement = UUID.fromString(instance.substring(0, ID_LENGTH));
      return Optional.ofNullable(sources.get(placement));
    } catch (IllegalArgumentException _) {
      // Native code can print any name.
      return Optional.empty();
    }
  }

  /** Forgets placements that ended long enough ago. */
  void purge() {
    for (var oldest = ended.peek(); oldest != null && isOld(oldest); oldest = ended.peek()) {
      ended.remove();
      sources.remove(oldest.placement());
    }
  }

  private boolean isOld(Ended oldest) {
    return ticker.since(oldest.at()).compareTo(LATE) > 0;
  }

  /** Returns the number of placements that are remembered. */
  int size() {
    return sources.size();
  }
}
