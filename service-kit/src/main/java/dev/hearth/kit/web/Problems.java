package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Problems on the data plane, which is below Spring. */
public final class Problems {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Problems() {}

  /** Answers a problem; the response must not be committed. */
  public static void write(
      Request request, Response response, Callback callback, ErrorCode code, String detail) {
    var body = JSON.writeValueAsBytes(new Problem(code, detail, path(request)).members());
    // What came from behind before it failed is no part of this.
    response.reset();
    response.setStatus(code.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put(HearthHeaders.ERROR, code.code());
    if (code == ErrorCode.NO_INSTANCE) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
    }
    if (code == ErrorCode.UNAUTHENTICATED) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** The path as the client knows it, at a node too. */
  private static String path(Request request) {
    var path = request.getHttpURI().getPath();
    var root = request.getHeaders().get(HostProtocol.ROOT_PATH);
    return root != null && path.startsWith(HostProtocol.CALL + "/")
        ? root + path.substring(HostProtocol.CALL.length())
        : path;
  }
}
