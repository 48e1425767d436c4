package dev.hearth.executor.output;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.LogEvent.FunctionLogged;
import dev.hearth.contracts.events.LogEvent.Line;
import dev.hearth.contracts.host.OutputLine;
import dev.hearth.executor.node.Node;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.output.OutputSources.Source;
import dev.hearth.kit.events.EventPublisher;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Queues printed lines and publishes them by revision in batches. The queue is bounded, so a
 * function that prints faster than the broker accepts waits in its own print.
 */
@Component
public class FunctionOutput implements SmartLifecycle {

  /** Phase of the life cycle: it starts before calls are taken, and stops after all hosts have. */
  public static final int PHASE = 0;

  private static final Logger log = LoggerFactory.getLogger(FunctionOutput.class);

  /** Longest name of a level or an invocation; longer ones do not come from the host. */
  private static final int LONGEST_NAME = 40;

  /** Most characters of one event, well below the broker's limit. */
  private static final int EVENT_CHARACTERS = 128 * 1024;

  /** Most characters that wait for the broker, some milliseconds of its work. */
  private static final int WAITING_CHARACTERS = 16 << 20;

  private static final Pattern MODULE = Pattern.compile("[\\w.]{1,200}");

  private final Node node;
  private final Consumer<HearthEvent> publisher;
  private final InstantSource clock;
  private final OutputSources sources;
  private final int batch;
  private final BlockingQueue<OutputLine> queue;
  private final Semaphore room = new Semaphore(WAITING_CHARACTERS);
  private volatile boolean isRunning;

  @Autowired
  FunctionOutput(
      Node node,
      EventPublisher publisher,
      InstantSource clock,
      Ticker ticker,
      OutputSettings settings) {
    this(node, publisher::publish, clock, ticker, settings);
  }

  FunctionOutput(
      Node node,
      Consumer<HearthEvent> publisher,
      InstantSource clock,
      Ticker ticker,
      OutputSettings settings) {
    this.node = node;
    this.publisher = publisher;
    this.clock = clock;
    this.sources = new OutputSources(ticker);
    this.batch = settings.batch();
    this.queue = new ArrayBlockingQueue<>(settings.lines());
  }

  /** Returns an output that publishes to a consumer. */
  public static FunctionOutput of(
      Node node, Consumer<HearthEvent> publisher, InstantSource clock, Ticker ticker) {
    return new FunctionOutput(node, publisher, clock, ticker, new OutputSettings(10_000, 500));
  }

  /** Attributes the lines of a placement's instances to its revision from now on. */
  public void attribute(UUID placement, RevisionRef revision) {
    sources.add(placement, revision);
  }

  /** Forgets a placement once its last lines have had the time to arrive. */
  public void forget(UUID placement) {
    sources.end(placement);
  }

  /** Returns the number of placements whose lines are attributed. */
  public int placements() {
    return sources.size();
  }

  /** Takes one entry; waits while the queue is full. */
  public void accept(OutputLine line) {
    try {
      room.acquire(characters(line));
      queue.put(line);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static int characters(OutputLine line) {
    return Math.min(line.text().length(), WAITING_CHARACTERS);
  }

  @Override
  public void start() {
    isRunning = true;
    Thread.ofVirtual().name("function-output").start(this::run);
  }

  private void run() {
    while (isRunning) {
      try {
        sources.purge();
        var first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          var lines = new ArrayList<OutputLine>();
          lines.add(first);
          queue.drainTo(lines, batch);
          publish(lines);
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
        // Top of the loop: the next lines are still sent.
        log.atWarn().addKeyValue("cause", failed.toString()).log("function output lost");
      }
    }
  }

  /** Publishes the queued lines on the caller's thread. */
  void flush() {
    sources.purge();
    var lines = new ArrayList<OutputLine>();
    queue.drainTo(lines);
    publish(lines);
  }

  private void publish(List<OutputLine> lines) {
    room.release(lines.stream().mapToInt(FunctionOutput::characters).sum());
    var byRevision = new LinkedHashMap<UUID, List<Line>>();
    var missed = new LinkedHashMap<Source, Set<String>>();
    for (var line : lines) {
      sources
          .of(line.instance())
          .ifPresent(source -> {
            if (!line.stream().equals(OutputLine.LATE)) {
              byRevision
                  .computeIfAbsent(source.revision().id(), _ -> new ArrayList<>())
                  .add(logged(line));
            } else if (MODULE.matcher(line.text()).matches()) {
              missed.computeIfAbsent(source, _ -> new TreeSet<>()).add(line.text());
            }
          });
    }
    byRevision.forEach(this::publish);
    missed.forEach((source, modules) ->
        publisher.accept(
            new ModulesMissed(
                node.ref(),
                source.placement(),
                source.revision(),
                clock.instant(),
                List.copyOf(modules))));
  }

  private static Line logged(OutputLine line) {
    return new Line(line.at(), line.text(), name(line.level()), name(line.invocation()));
  }

  private static Optional<String> name(String text) {
    return Optional.of(text).filter(known -> !known.isEmpty() && known.length() <= LONGEST_NAME);
  }

  /** Publishes the lines of a revision in one event or, if they are long, in several. */
  private void publish(UUID revision, List<Line> lines) {
    var part = new ArrayList<Line>();
    var characters = 0;
    for (var line : lines) {
      if (!part.isEmpty() && characters + line.text().length() > EVENT_CHARACTERS) {
        publisher.accept(new FunctionLogged(revision, clock.instant(), part));
        part.clear();
        characters = 0;
      }
      part.add(line);
      characters += line.text().length();
    }
    publisher.accept(new FunctionLogged(revision, clock.instant(), part));
  }

  @Override
  public void stop() {
    isRunning = false;
    flush();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }
}
