package dev.hearth.host.call;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import dev.hearth.contracts.host.HostProtocol;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.json.JsonMapper;

/** Writes status and headers of answers, both of functions and of the host itself. */
final class AnswerHead {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Headers of one connection, which the platform sets; those of the function are dropped. */
  private static final Set<String> OWN_HEADERS =
      Set.of("transfer-encoding", "connection", "keep-alive", "upgrade");

  private static final String HANDSHAKE = "sec-websocket-";

  /** Length of a body that comes in parts. */
  static final int UNKNOWN = -1;

  private AnswerHead() {}

  /** Returns true if an answer to the request with this status has a body. */
  static boolean hasBody(Request request, int status) {
    return !request.getMethod().equals("HEAD") && status != 204 && status != 304;
  }

  /**
   * Reads the headers of a function's answer.
   *
   * @param headers {@code name\0value\0…}
   * @throws InvalidAnswerException if HTTP does not allow one of them
   */
  static HttpFields read(String headers) throws InvalidAnswerException {
    var fields = HttpFields.build();
    var given = headers.split("\0", -1);
    for (int i = 0; i + 1 < given.length; i += 2) {
      HeaderSyntax.check(given[i], given[i + 1]);
      var name = given[i].toLowerCase(Locale.ROOT);
      if (!OWN_HEADERS.contains(name) && !name.startsWith(HearthHeaders.PREFIX)) {
        fields.add(given[i], given[i + 1]);
      }
    }
    return fields;
  }

  /** Returns the length that the function names for its body, or {@link #UNKNOWN}. */
  static long length(HttpFields fields) throws InvalidAnswerException {
    var lengths = fields.getValuesList(HttpHeader.CONTENT_LENGTH);
    if (lengths.isEmpty()) {
      return UNKNOWN;
    }
    var named = lengths.getFirst().strip();
    var isNumber =
        !named.isEmpty() && named.length() < 19 && named.chars().allMatch(AnswerHead::isDigit);
    if (!isNumber || !lengths.stream().allMatch(each -> each.strip().equals(named))) {
      throw new InvalidAnswerException(
          "its content-length is %s".formatted(String.join(", ", lengths)));
    }
    return Long.parseLong(named);
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  /**
   * Writes status and headers of a function's answer.
   *
   * @param length bytes of the whole body, or {@link #UNKNOWN} if it comes in parts
   */
  static void write(Request request, Response response, int status, HttpFields given, int length) {
    response.setStatus(status);
    var fields = response.getHeaders();
    given.forEach(fields::add);
    if (CallKind.EVENT.header().equals(request.getHeaders().get(HostProtocol.CALL_KIND))) {
      fields.put(HttpHeader.CONTENT_TYPE, "application/json");
      if (status == ErrorCode.INSTANCE_LOST.status()) {
        fields.put(HearthHeaders.FUNCTION_ERROR, "unhandled");
      }
    }
    if (status == 204) {
      fields.remove(HttpHeader.CONTENT_LENGTH);
    } else if (hasBody(request, status)) {
      if (length == UNKNOWN) {
        fields.put(HostProtocol.STREAMING, "true");
      } else {
        fields.put(HttpHeader.CONTENT_LENGTH, length);
      }
    } else if (status != 304 && length > 0 && !fields.contains(HttpHeader.CONTENT_LENGTH)) {
      // HEAD: the code made the body that GET would get.
      fields.put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  /** Returns the headers with which a function accepts a WebSocket, without the handshake's. */
  static HttpFields accepted(HttpFields given) {
    var fields = HttpFields.build();
    given.stream()
        .filter(field -> !field.getLowerCaseName().startsWith(HANDSHAKE))
        .forEach(fields::add);
    return fields;
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
