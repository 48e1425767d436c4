package dev.hearth.kit.web;

import dev.hearth.contracts.Problem;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responds with problems to errors outside of any handler: malformed request lines and headers,
 * heads that are too large, unhandled requests.
 */
final class ProblemErrorHandler implements Request.Handler {

  private static final Logger log = LoggerFactory.getLogger(ProblemErrorHandler.class);

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    var status = cause instanceof HttpException found ? found.getCode() : response.getStatus();
    if (HttpStatus.hasNoBody(status)) {
      callback.succeeded();
      return true;
    }
    var problem =
        Problem.ofStatus(
            status,
            detail(request, status, cause),
            Problems.path(request),
            Problems.trace(request));
    if (status == HttpStatus.INTERNAL_SERVER_ERROR_500 && cause instanceof Throwable unexpected) {
      log.atError()
          .setCause(unexpected)
          .addKeyValue("trace", problem.trace())
          .log("request failed");
    }
    Problems.write(request, response, callback, problem);
    return true;
  }

  private static String detail(
      Request request, int status, @org.jspecify.annotations.Nullable Object cause) {
    var isOurs = cause == null && status >= 500 && status != HttpStatus.NOT_IMPLEMENTED_501;
    if (isOurs || status == HttpStatus.INTERNAL_SERVER_ERROR_500) {
      return Problems.UNEXPECTED;
    }
    var reason =
        cause instanceof HttpException known
            ? Optional.ofNullable(known.getReason())
            : Optional.ofNullable((String) request.getAttribute(ErrorHandler.ERROR_MESSAGE));
    return switch (status) {
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          "The headers of the request are too large. Send fewer or shorter ones.";
      case HttpStatus.URI_TOO_LONG_414 ->
          "The address of the request is too long. Send long values in the body.";
      case HttpStatus.NOT_FOUND_404 -> "There is nothing at this address.";
      case HttpStatus.METHOD_NOT_ALLOWED_405 ->
          "The method %s is not supported at this address.".formatted(request.getMethod());
      default ->
          "The request is not valid HTTP: %s."
              .formatted(reason.orElseGet(() -> HttpStatus.getMessage(status)));
    };
  }
}
