package dev.hearth.build.queue;

import dev.hearth.contracts.events.LogEvent.BuildLogged;
import dev.hearth.contracts.events.LogEvent.Line;
import dev.hearth.kit.events.EventPublisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The log of one build. Lines are published in batches. */
final class BuildLog implements Consumer<String>, AutoCloseable {

  private static final int LONGEST_LINE = 16 * 1024;

  /** Control characters, which backends print and terminals would execute. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\t]]");

  private static final int EVENT_CHARACTERS = 128 * 1024;
  private static final Duration PAUSE = Duration.ofMillis(300);

  /** Publishes the last lines of a batch when no further line comes. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);

  private final UUID revision;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private final List<Line> waiting = new ArrayList<>();
  private int waitingCharacters;
  private boolean isDue;
  private Instant sent;

  BuildLog(UUID revision, EventPublisher publisher, InstantSource clock) {
    this.revision = revision;
    this.publisher = publisher;
    this.clock = clock;
    this.sent = clock.instant();
  }

  @Override
  public synchronized void accept(String text) {
    var now = clock.instant();
    text.lines().forEach(line -> add(now, line));
    if (Duration.between(sent, now).compareTo(PAUSE) > 0) {
      flush();
    } else if (!isDue) {
      isDue = true;
      LATER.execute(this::flushDue);
    }
  }

  /** Adds a line; publishes a batch well before it reaches the broker's limit for one event. */
  private void add(Instant now, String line) {
    var limited = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    var shown = CONTROL.matcher(limited).replaceAll("");
    if (waitingCharacters > EVENT_CHARACTERS) {
      flush();
    }
    waiting.add(Line.of(now, shown));
    waitingCharacters += shown.length();
  }

  private synchronized void flushDue() {
    isDue = false;
    flush();
  }

  private void flush() {
    if (!waiting.isEmpty()) {
      publisher.publish(new BuildLogged(revision, clock.instant(), waiting));
      waiting.clear();
      waitingCharacters = 0;
    }
    sent = clock.instant();
  }

  @Override
  public synchronized void close() {
    flush();
  }
}
