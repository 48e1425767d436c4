package dev.hearth.kit.dispatch;

import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An answer from a node in this process, whose headers are inspected before they are sent. */
final class NearResponse extends Response.Wrapper {

  private final Predicate<HttpFields> unwanted;

  /**
   * Wraps the answer to the client.
   *
   * @param unwanted inspects the headers of a refusal; if it returns true, it has taken over the
   *     request and nothing is sent
   */
  NearResponse(Request request, Response response, Predicate<HttpFields> unwanted) {
    super(request, response);
    this.unwanted = unwanted;
  }

  @Override
  public void write(boolean last, ByteBuffer content, Callback callback) {
    var headers = getWrapped().getHeaders();
    if (!isCommitted() && headers.contains(HostProtocol.NOT_BEGUN)) {
      if (unwanted.test(headers.asImmutable())) {
        return;
      }
      headers.remove(HostProtocol.NOT_BEGUN);
    }
    super.write(last, content, callback);
  }
}
