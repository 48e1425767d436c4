package dev.hearth.api.revision;

import dev.hearth.api.log.LogSource;
import dev.hearth.api.log.LogStore;
import dev.hearth.contracts.FunctionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams a revision's build log as server-sent events while it grows. Events named {@code line}
 * hold {@code {at, text}} and are numbered, so that a client can continue after {@code
 * Last-Event-ID}. Events named {@code state} hold the revision's state; the last one is live,
 * failed or superseded.
 */
@Component
class BuildLogStream {

  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Set<RevisionState> ENDED =
      EnumSet.of(RevisionState.LIVE, RevisionState.FAILED, RevisionState.SUPERSEDED);

  private final RevisionStore store;
  private final LogStore logs;

  BuildLogStream(RevisionStore store, LogStore logs) {
    this.store = store;
    this.logs = logs;
  }

  /** Opens a stream that begins after the line with the given id. */
  SseEmitter open(Revision revision, long after) {
    var emitter = new SseEmitter(LIMIT.toMillis());
    Thread.ofVirtual()
        .name("build-log-" + revision.ref())
        .start(() -> {
          try {
            send(emitter, revision, after);
            emitter.complete();
          } catch (IOException | IllegalStateException _) {
            // The client has left or the time is up. It may reconnect with Last-Event-ID.
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException failed) {
            // Whatever ends the stream, its client is told.
            emitter.completeWithError(failed);
          }
        });
    return emitter;
  }

  private record Line(String at, String text) {}

  private void send(SseEmitter emitter, Revision revision, long after)
      throws IOException, InterruptedException {
    var function = new FunctionKey(revision.ref().function().tenant(), revision.function());
    var last = after;
    RevisionState told = null;
    while (true) {
      // Read the state first, because all lines before a final state are then in the log.
      var state = store.find(function, revision.number()).orElseThrow().state();
      for (var line : logs.after(revision.ref().id(), LogSource.BUILD, last)) {
        last = line.id();
        emitter.send(
            SseEmitter.event()
                .id(String.valueOf(last))
                .name("line")
                .data(new Line(line.at().toString(), line.text())));
      }
      if (state != told) {
        told = state;
        emitter.send(SseEmitter.event().name("state").data(state));
      }
      if (ENDED.contains(state)) {
        return;
      }
      Thread.sleep(PAUSE);
    }
  }
}
