package dev.hearth.executor.output;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.LogEvent.FunctionLogged;
import dev.hearth.contracts.events.LogEvent.Line;
import dev.hearth.contracts.host.OutputLine;
import dev.hearth.executor.node.Node;
import dev.hearth.kit.events.EventPublisher;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Gathers printed lines for a moment and publishes them by revision. The queue is bounded: a
 * function that prints faster than the broker takes waits in its own print.
 */
@Component
public class FunctionOutput implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(FunctionOutput.class);
  private static final int BATCH = 500;

  /** Of a level or an invocation; longer ones are not from our side of the host. */
  private static final int LONGEST_NAME = 40;

  private static final int EVENT_CHARACTERS = 128 * 1024;

  private static final Pattern MODULE = Pattern.compile("[\\w.]{1,200}");

  private final Node node;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private final Map<String, Source> sources = new ConcurrentHashMap<>();
  private final BlockingQueue<OutputLine> queue = new ArrayBlockingQueue<>(10_000);
  private volatile boolean running;

  /** Whose output it is. */
  private record Source(UUID instance, RevisionRef revision) {}

  FunctionOutput(Node node, EventPublisher publisher, InstantSource clock) {
    this.node = node;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * From now on lines belong to the revision.
   *
   * @param name that the host knows the instance by
   */
  public void attribute(String name, UUID instance, RevisionRef revision) {
    sources.put(name, new Source(instance, revision));
  }

  /** Takes one line; waits while the queue is full. */
  public void accept(OutputLine line) {
    try {
      queue.put(line);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("function-output").start(this::run);
  }

  private void run() {
    while (running) {
      try {
        var first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          var lines = new ArrayList<OutputLine>();
          lines.add(first);
          queue.drainTo(lines, BATCH);
          publish(lines);
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
        log.atWarn().addKeyValue("cause", failed.toString()).log("function output lost");
      }
    }
  }

  private void publish(Iterable<OutputLine> lines) {
    var byRevision = new LinkedHashMap<UUID, ArrayList<Line>>();
    var missed = new LinkedHashMap<Source, Set<String>>();
    for (var line : lines) {
      var source = sources.get(line.instance());
      if (source == null) {
        continue;
      }
      if (!line.stream().equals(OutputLine.LATE)) {
        byRevision
            .computeIfAbsent(source.revision().id(), _ -> new ArrayList<>())
            .add(new Line(line.at(), line.text(), said(line.level()), said(line.invocation())));
      } else if (MODULE.matcher(line.text()).matches()) {
        missed.computeIfAbsent(source, _ -> new TreeSet<>()).add(line.text());
      }
    }
    byRevision.forEach(this::publish);
    missed.forEach((source, modules) ->
        publisher.publish(
            new ModulesMissed(
                node.ref(),
                source.instance(),
                source.revision(),
                clock.instant(),
                List.copyOf(modules))));
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(known -> !known.isEmpty() && known.length() <= LONGEST_NAME);
  }

  /** In events that are well below what the broker takes. */
  private void publish(UUID revision, List<Line> lines) {
    var part = new ArrayList<Line>();
    var characters = 0;
    for (var line : lines) {
      if (characters > EVENT_CHARACTERS) {
        publisher.publish(new FunctionLogged(revision, clock.instant(), part));
        part.clear();
        characters = 0;
      }
      part.add(line);
      characters += line.text().length();
    }
    publisher.publish(new FunctionLogged(revision, clock.instant(), part));
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
