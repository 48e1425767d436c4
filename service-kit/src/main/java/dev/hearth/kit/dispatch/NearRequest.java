package dev.hearth.kit.dispatch;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A client's request as a node in this process receives it. */
final class NearRequest extends Request.Wrapper {

  private final HttpURI uri;
  private final HttpFields headers;
  private volatile boolean isRead;

  /**
   * Wraps a client's request.
   *
   * @param onwards the request that would be sent over the network; its headers are used
   */
  NearRequest(Request request, String pathQuery, org.eclipse.jetty.client.Request onwards) {
    super(request);
    this.uri = HttpURI.build(request.getHttpURI()).pathQuery(pathQuery).asImmutable();
    var isChunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    this.headers =
        isChunked
            ? HttpFields.build(onwards.getHeaders())
                .put(
                    new HttpField(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED.asString()))
                .asImmutable()
            : onwards.getHeaders();
  }

  @Override
  public HttpURI getHttpURI() {
    return uri;
  }

  @Override
  public HttpFields getHeaders() {
    return headers;
  }

  @Override
  public Content.@Nullable Chunk read() {
    var chunk = super.read();
    isRead |= chunk != null && chunk.hasRemaining();
    return chunk;
  }

  /** Returns true if none of the body was read, so that the request may go to another node. */
  boolean isUnread() {
    return !isRead;
  }
}
