package dev.hearth.executor.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import dev.hearth.kit.web.Problems;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers calls that get no instance with 503 and the remedy. */
final class Refusals {

  private static final int LONGEST_REASON = 500;

  private Refusals() {}

  static String detail(TimedOut timedOut) {
    return "Timed out after waiting %s for a free instance. Speed up the function, raise timeout, or raise max-instances."
        .formatted(seconds(timedOut.waited()));
  }

  private static String seconds(Duration waited) {
    return waited.toSeconds() + " s";
  }

  /** Returns the detail with the last line of a traceback, which names the exception. */
  static String detail(CannotStart cannotStart) {
    var last =
        cannotStart
            .reason()
            .lines()
            .filter(line -> !line.isBlank())
            .reduce((_, line) -> line.strip())
            .orElse("no reason is known");
    var shown = last.length() <= LONGEST_REASON ? last : last.substring(0, LONGEST_REASON) + "…";
    return "The function could not be started: " + shown;
  }

  static void timedOut(Request request, Response response, Callback callback, TimedOut result) {
    Problems.write(request, response, callback, ErrorCode.NO_INSTANCE, detail(result));
  }

  static void cannotStart(
      Request request, Response response, Callback callback, CannotStart result) {
    Problems.write(request, response, callback, ErrorCode.NO_INSTANCE, detail(result));
  }

  /** Answers that the placement is not on this node, so the gateway's route is out of date. */
  static void ended(Request request, Response response, Callback callback) {
    Problems.writeNotBegun(
        request,
        response,
        callback,
        "The function has moved to another node; try again in a moment.");
  }
}
