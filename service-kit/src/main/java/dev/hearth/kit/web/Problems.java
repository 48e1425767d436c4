package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.Problem;
import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems from Jetty's handlers, without Spring. */
public final class Problems {

  /** Detail of an unexpected error. */
  public static final String UNEXPECTED =
      "Try again. If it happens again, give the operator the trace to find it in the log.";

  /** Paths that Jetty substitutes in requests that it cannot parse. */
  private static final Set<String> UNPARSED = Set.of("/badMessage", "/badURI");

  private static final String TRACEPARENT = "traceparent";

  private static final HttpField NOT_BEGUN = new HttpField(HostProtocol.NOT_BEGUN, "true");

  private static final JsonMapper JSON = JsonMapper.shared();

  private Problems() {}

  /** Writes a problem; the response must not be committed. */
  public static void write(
      Request request, Response response, Callback callback, ErrorCode code, String detail) {
    write(request, response, callback, new Problem(code, detail, path(request), trace(request)));
  }

  /**
   * Writes {@link ErrorCode#NO_INSTANCE} for a call before any user code has run, so that the
   * caller may try another placement at once.
   */
  public static void writeNotBegun(
      Request request, Response response, Callback callback, String detail) {
    var problem = new Problem(ErrorCode.NO_INSTANCE, detail, path(request), trace(request));
    write(request, response, callback, problem, HttpFields.from(NOT_BEGUN));
  }

  /** Writes a problem; the response must not be committed. */
  static void write(Request request, Response response, Callback callback, Problem problem) {
    write(request, response, callback, problem, HttpFields.EMPTY);
  }

  private static void write(
      Request request, Response response, Callback callback, Problem problem, HttpFields more) {
    var body = JSON.writeValueAsBytes(problem);
    // Removes headers of an answer that failed before it was sent.
    response.reset();
    response.setStatus(problem.status());
    problem.headers().forEach(response.getHeaders()::put);
    response.getHeaders().add(more);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    var isHead = request.getMethod().equals("HEAD");
    response.write(true, isHead ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(body), callback);
  }

  /** Returns the trace id of a request. */
  static String trace(Request request) {
    var headers = request.getHeaders();
    return Problem.trace(headers.get(TRACEPARENT), headers.get(HostProtocol.INVOCATION));
  }

  /** Returns the path as the client sent it, without the prefix that the gateway adds for nodes. */
  static String path(Request request) {
    var path = String.valueOf(request.getHttpURI().getPath());
    if (UNPARSED.contains(path)) {
      return "/";
    }
    var root = request.getHeaders().get(HostProtocol.ROOT_PATH);
    return root != null && path.startsWith(HostProtocol.CALL + "/")
        ? root + path.substring(HostProtocol.CALL.length())
        : path;
  }
}
