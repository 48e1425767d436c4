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
 * Finds the placement of a printed line by the name of its instance, which begins with the
 * placement's id. An ended placement is remembered for a while, because its last lines may still
 * arrive.
 */
final class OutputSources {

  /** Time in which the last lines of an ended placement arrive. */
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

  /** Records that a placement has ended; forgets it after {@link #LATE}. */
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

  /** Forgets placements that ended more than {@link #LATE} ago. */
  void purge() {
    for (var oldest = ended.peek(); oldest != null && isOld(oldest); oldest = ended.peek()) {
      ended.remove();
      sources.remove(oldest.placement());
    }
  }

  private boolean isOld(Ended oldest) {
    return ticker.since(oldest.at()).compareTo(LATE) > 0;
  }

  /** Returns the number of remembered placements. */
  int size() {
    return sources.size();
  }
}
