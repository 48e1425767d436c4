package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.stereotype.Component;

/**
 * Counts the answers of functions and measures the duration of calls by the start of their
 * instance. Counts begin when this gateway starts; times are those of the last ten minutes.
 */
@Component
public class CallMetrics {

  private static final Duration WINDOW = Duration.ofMinutes(10);

  /** The step of {@code Server-Timing} in which the node waited for an instance. */
  private static final Pattern WAITED = Pattern.compile("\\bstart;dur=([0-9.]+)");

  /** The start of calls that no instance took. */
  private static final String NONE = "none";

  private static final String BROKEN = "broken";

  private final MeterRegistry registry;
  private final Instant since;
  private final Map<FunctionKey, Meters> functions = new ConcurrentHashMap<>();

  CallMetrics(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.since = clock.instant();
  }

  /** The meters of one function: answers by class, calls and waits by start. */
  private record Meters(
      Map<String, Counter> answers, Map<String, Timer> calls, Map<String, Timer> waits) {
    Meters() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }
  }

  /**
   * The calls of a function.
   *
   * @param since when counting began
   * @param calls number of HTTP calls and events; WebSockets do not count
   * @param answers number of answers by class ({@code 2xx}); {@code broken} are calls whose client
   *     left or whose answer broke off
   * @param starts calls by the start of their instance, as in {@code Hearth-Start}; {@code none}
   *     are calls that no instance took
   */
  public record FunctionMetrics(
      Instant since, long calls, Map<String, Long> answers, Map<String, StartMetrics> starts) {}

  /**
   * The calls with the same kind of start.
   *
   * @param calls number of calls
   * @param call duration of the whole call, measured at the gateway
   * @param waited the part of it in which the call waited for its instance
   */
  public record StartMetrics(long calls, Milliseconds call, Milliseconds waited) {}

  /** Percentiles of the last ten minutes; 0 if there were no calls. */
  public record Milliseconds(double p50, double p99, double max) {}

  /** Wraps the callback of a call so that the call is counted when it has ended. */
  Callback counting(FunctionKey function, long begunNanos, Response response, Callback callback) {
    return new Callback.Nested(callback) {
      @Override
      public void succeeded() {
        count(function, response.getStatus() / 100 + "xx", begunNanos, response.getHeaders());
        super.succeeded();
      }

      @Override
      public void failed(Throwable failure) {
        count(function, BROKEN, begunNanos, response.getHeaders());
        super.failed(failure);
      }
    };
  }

  /** Counts an ended call by the headers of its answer. */
  void count(FunctionKey function, String answer, long begunNanos, HttpFields headers) {
    var took = System.nanoTime() - begunNanos;
    var start = Optional.ofNullable(headers.get(HearthHeaders.START)).orElse(NONE);
    var meters = functions.computeIfAbsent(function, _ -> new Meters());
    meters
        .answers()
        .computeIfAbsent(
            answer, _ -> registry.counter("hearth.answers", tags(function).and("answer", answer)))
        .increment();
    meters
        .calls()
        .computeIfAbsent(start, _ -> timer("hearth.calls", function, start))
        .record(took, TimeUnit.NANOSECONDS);
    if (!start.equals(HearthHeaders.START_WARM)) {
      var waited =
          meters.waits().computeIfAbsent(start, _ -> timer("hearth.starts", function, start));
      waited(headers).ifPresent(waited::record);
    }
  }

  private static Optional<Duration> waited(HttpFields headers) {
    // The node's header comes after those of the function, which may hold anything.
    return headers.getValuesList("Server-Timing").reversed().stream()
        .map(WAITED::matcher)
        .filter(matcher -> matcher.find())
        .findFirst()
        .map(matcher -> Duration.ofNanos((long) (Double.parseDouble(matcher.group(1)) * 1e6)));
  }

  private Timer timer(String name, FunctionKey function, String start) {
    return Timer.builder(name)
        .tags(tags(function).and("start", start))
        .publishPercentiles(0.5, 0.99)
        .distributionStatisticExpiry(WINDOW)
        .register(registry);
  }

  private static Tags tags(FunctionKey function) {
    return Tags.of("tenant", function.tenant(), "function", function.function());
  }

  /** Returns the calls of a function; all zero if there were none. */
  public FunctionMetrics of(FunctionKey function) {
    var meters = functions.getOrDefault(function, new Meters());
    var answers = new TreeMap<String, Long>();
    meters.answers().forEach((answer, count) -> answers.put(answer, (long) count.count()));
    var starts = new TreeMap<String, StartMetrics>();
    meters
        .calls()
        .forEach((start, timer) ->
            starts.put(
                start,
                new StartMetrics(
                    timer.count(),
                    milliseconds(timer),
                    Optional.ofNullable(meters.waits().get(start))
                        .map(CallMetrics::milliseconds)
                        .orElse(new Milliseconds(0, 0, 0)))));
    var calls = answers.values().stream().mapToLong(Long::longValue).sum();
    return new FunctionMetrics(since, calls, answers, starts);
  }

  private static Milliseconds milliseconds(Timer timer) {
    var known = timer.takeSnapshot();
    var values =
        Arrays.stream(known.percentileValues())
            .mapToDouble(value -> rounded(value.value(TimeUnit.NANOSECONDS)))
            .toArray();
    return new Milliseconds(values[0], values[1], rounded(known.max(TimeUnit.NANOSECONDS)));
  }

  /** Converts to milliseconds with three decimals. */
  private static double rounded(double nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
