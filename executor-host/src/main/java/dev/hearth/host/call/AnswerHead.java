package dev.hearth.host.call;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import dev.hearth.contracts.host.HostProtocol;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.json.JsonMapper;

/** Writes status and headers of answers, both of functions and of the host itself. */
final class AnswerHead {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Headers that the platform sets; those of the function are dropped. */
  private static final Set<String> OWN_HEADERS =
      Set.of("transfer-encoding", "connection", "keep-alive", "date", "server");

  private AnswerHead() {}

  /** Returns true if an answer to the request with the response's status has a body. */
  static boolean hasBody(Request request, Response response) {
    var status = response.getStatus();
    return !request.getMethod().equals("HEAD") && status != 204 && status != 304;
  }

  /**
   * Writes status and headers of a function's answer.
   *
   * @param headers {@code name\0value\0…}
   * @param length bytes of the whole body, or less than 0 when it comes in parts
   */
  static void write(Request request, Response response, int status, String headers, int length) {
    var isWhole = length >= 0;
    response.setStatus(status);
    var fields = response.getHeaders();
    var given = headers.split("\0", -1);
    for (int i = 0; i + 1 < given.length; i += 2) {
      var name = given[i].toLowerCase(Locale.ROOT);
      // Jetty gets the length of a whole body below. For streams and HEAD only the function knows
      // it.
      var isLength = name.equals("content-length");
      if (isLength ? !isWhole || request.getMethod().equals("HEAD") : !isOurs(name)) {
        fields.add(given[i], given[i + 1]);
      }
    }
    if (CallKind.EVENT.header().equals(request.getHeaders().get(HostProtocol.CALL_KIND))) {
      fields.put(HttpHeader.CONTENT_TYPE, "application/json");
      if (status == ErrorCode.INSTANCE_LOST.status()) {
        fields.put(HearthHeaders.FUNCTION_ERROR, "unhandled");
      }
    }
    if (!isWhole) {
      fields.put(HostProtocol.STREAMING, "true");
    } else if (hasBody(request, response)) {
      fields.put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  private static boolean isOurs(String name) {
    return OWN_HEADERS.contains(name) || name.startsWith(HearthHeaders.PREFIX);
  }

  /** Writes status and headers of a problem, and returns its body. */
  static byte[] problem(Request request, Response response, ErrorCode code, String detail) {
    var instance =
        String.valueOf(request.getHeaders().get(HostProtocol.ROOT_PATH))
            + request.getHttpURI().getPath().substring(HostProtocol.CALL.length());
    var trace =
        Problem.trace(
            request.getHeaders().get("traceparent"),
            request.getHeaders().get(HostProtocol.INVOCATION));
    var problem = new Problem(code, detail, instance, trace);
    var body = JSON.writeValueAsBytes(problem);
    response.setStatus(problem.status());
    problem.headers().forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    return body;
  }

  /** Returns the problem detail for an error code that Python sent. */
  static String detail(ErrorCode code) {
    return switch (code) {
      case FUNCTION_RAISED ->
          "The function raised an exception. Read its traceback in the function's log.";
      case TEMPORARY_FULL ->
          "There was no room in the function's /tmp. Delete files there, or ask the operator to raise"
              + " executor.host.instance-temporary; the function's log names the limit.";
      case FUNCTION_ANSWER_INVALID ->
          "The function's answer cannot be sent. Read the reason in the function's log.";
      case REQUEST_INVALID -> "The request body must be one JSON value, the event.";
      case CONVENTION_MISMATCH ->
          "Only a Lambda-style handler(event, context) takes events. Call this function by HTTP"
              + " instead.";
      default -> code.title();
    };
  }
}
