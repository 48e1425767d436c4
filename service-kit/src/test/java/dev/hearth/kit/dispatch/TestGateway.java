package dev.hearth.kit.dispatch;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives a client the server that its proxy needs, as a gateway does. */
final class TestGateway extends Handler.Abstract.NonBlocking {

  private final FunctionClient client;
  private final Request.Handler calls;

  /**
   * Wraps a client.
   *
   * @param calls makes a call of each request, with the client
   */
  TestGateway(FunctionClient client, Request.Handler calls) {
    this.client = client;
    this.calls = calls;
    installBean(client);
  }

  @Override
  protected void doStart() throws Exception {
    client.setServer(getServer());
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return calls.handle(request, response, callback);
  }
}
