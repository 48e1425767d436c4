package dev.hearth.kit.web;

import dev.hearth.contracts.Problem;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Request.Content;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content.Chunk;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A client's body on its way to the next hop. Stores the failure of a malformed body in the
 * request.
 */
final class ClientBody implements Content {

  /** Request attribute: the failure of its body. */
  static final String FAILURE = ClientBody.class.getName();

  private final Request request;
  private final Content source;
  private volatile boolean isEnded;

  ClientBody(Request request, Content source) {
    this.request = request;
    this.source = source;
  }

  /** Responds to a request whose body is malformed. */
  static void answer(Throwable failure, Request request, Response response, Callback callback) {
    var status =
        switch (failure) {
          case TimeoutException _ -> HttpStatus.REQUEST_TIMEOUT_408;
          case HttpException known -> known.getCode();
          default -> HttpStatus.BAD_REQUEST_400;
        };
    var reason =
        failure instanceof HttpException known
            ? Optional.ofNullable(known.getReason())
            : Optional.ofNullable(failure.getMessage());
    var problem =
        Problem.ofStatus(
            status,
            "The body of the request is broken or incomplete: %s."
                .formatted(reason.orElse("it ended early")),
            Problems.path(request),
            Problems.trace(request));
    Problems.write(request, response, callback, problem);
  }

  @Override
  public @Nullable Chunk read() {
    var chunk = source.read();
    // After the next hop has failed, reading also fails; that is not the client's fault.
    if (!isEnded && Chunk.isFailure(chunk)) {
      request.setAttribute(FAILURE, chunk.getFailure());
    }
    return chunk;
  }

  @Override
  public void demand(Runnable demanded) {
    source.demand(demanded);
  }

  @Override
  public void fail(Throwable failure) {
    isEnded = true;
    source.fail(failure);
  }

  @Override
  public long getLength() {
    return source.getLength();
  }

  @Override
  public String getContentType() {
    return source.getContentType();
  }

  @Override
  public boolean rewind() {
    return source.rewind();
  }
}
