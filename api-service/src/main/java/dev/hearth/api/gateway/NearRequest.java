package dev.hearth.api.gateway;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/** A client's request as a node would get it, with the client's body. */
final class NearRequest extends Request.Wrapper {

  private final HttpURI uri;
  private final HttpFields headers;

  /**
   * A request that is handed on.
   *
   * @param onwards what would be sent over the network
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
}
