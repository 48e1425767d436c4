package dev.hearth.kit.web;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Runs the next handlers on a virtual thread for each request, so that they may block. The handlers
 * before it must not block.
 */
public final class VirtualThreadHandler extends Handler.Wrapper {

  VirtualThreadHandler(Handler next) {
    super(next);
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    return run(super::handle, request, response, callback);
  }

  /** Runs a blocking handler on a virtual thread; returns true at once. */
  public static boolean run(
      Request.Handler handler, Request request, Response response, Callback callback) {
    Thread.ofVirtual()
        .name("request")
        .start(() -> {
          try {
            if (!handler.handle(request, response, callback)) {
              Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
          } catch (Exception | Error failed) {
            // Top of a request's thread: any failure becomes its answer.
            Response.writeError(request, response, callback, failed);
          }
        });
    return true;
  }
}
