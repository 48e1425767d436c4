package dev.hearth.kit.dispatch;

import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An answer that a node in this process writes; its head is seen before it is sent. */
final class NearResponse extends Response.Wrapper {

  private final Predicate<HttpFields> unwanted;

  /**
   * Wraps the answer to the client.
   *
   * @param unwanted is asked about answers that the node refuses before any code has seen the call;
   *     if it returns true, it has taken the request over and nothing is sent
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
