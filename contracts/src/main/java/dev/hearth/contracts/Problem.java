package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem. Only this class maps an {@link ErrorCode} to the body and headers of an
 * answer; every server of the platform uses it.
 *
 * @param code kind of error
 * @param status HTTP status: the code's own, except for errors of HTTP itself (405, 431, …)
 * @param detail what is wrong, with the value, and what to do
 * @param instance path of the request, as the client sent it
 * @param trace id under which logs name the request
 */
public record Problem(ErrorCode code, int status, String detail, String instance, String trace) {

  /** The content type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** Value of Retry-After, in seconds. */
  private static final String RETRY_AFTER = "1";

  /** W3C Trace Context: version, trace id, parent id, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

  /** Creates a problem with the code's own status. */
  public Problem(ErrorCode code, String detail, String instance, String trace) {
    this(code, code.status(), detail, instance, trace);
  }

  /**
   * Creates a problem for an error that only an HTTP status describes, such as 405 or 431.
   *
   * @param status at least 400
   */
  public static Problem ofStatus(int status, String detail, String instance, String trace) {
    return new Problem(code(status), status, detail, instance, trace);
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
      // An unknown method or HTTP version is the caller's fault, although the status is 5xx.
      case 501, 505 -> ErrorCode.REQUEST_INVALID;
      default -> status < 500 ? ErrorCode.REQUEST_INVALID : ErrorCode.INTERNAL;
    };
  }

  /**
   * Returns the id under which logs name a request: the client's trace id, else the invocation's
   * id, else a new one.
   */
  public static String trace(@Nullable String traceparent, @Nullable String invocation) {
    return Optional.ofNullable(traceparent)
        .map(TRACEPARENT::matcher)
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1))
        .or(() -> Optional.ofNullable(invocation).filter(id -> !id.isEmpty()))
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  /** Returns the members of the JSON object in order. */
  @JsonValue
  public Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("type", "about:blank");
    members.put("title", code.title());
    members.put("status", status);
    members.put("detail", detail);
    members.put("instance", instance);
    members.put("code", code.code());
    members.put("trace", trace);
    return members;
  }

  /** Returns the headers of the answer, except for its length. */
  public Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", MEDIA_TYPE);
    headers.put(HearthHeaders.ERROR, code.code());
    if (code.kind() == ErrorCode.Kind.CAPACITY) {
      headers.put("Retry-After", RETRY_AFTER);
    }
    if (code == ErrorCode.UNAUTHENTICATED) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    return headers;
  }
}
