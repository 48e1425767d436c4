package dev.hearth.host.call;

import dev.hearth.contracts.host.HostProtocol;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** An in-memory server that hands each request to the test as an {@link Exchange}. */
public final class LocalCalls extends Handler.Abstract.NonBlocking implements AutoCloseable {

  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  private final AtomicLong count = new AtomicLong();

  public LocalCalls() throws Exception {
    server.addConnector(connector);
    server.setHandler(this);
    server.start();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    exchanges.add(new Exchange(count.incrementAndGet(), request, response, callback));
    return true;
  }

  /** A client's connection, and the exchange of its request. */
  public record LocalCall(LocalConnector.LocalEndPoint client, Exchange exchange) {

    /** Returns the whole answer. */
    public String answer() throws Exception {
      return client.getResponse(false, 10, TimeUnit.SECONDS);
    }

    /** Returns status and headers of the answer, which has no body. */
    public String head() throws Exception {
      return client.getResponse(true, 10, TimeUnit.SECONDS);
    }

    /** Answers as the function's code would. */
    public void send(byte[] body) {
      exchange.send(200, "", body, true);
    }
  }

  /** Sends a request without a body. */
  public LocalCall get() throws Exception {
    return send("GET", "");
  }

  /** Sends a request with further header lines, each with its line end, or with part of a body. */
  public LocalCall send(String method, String rest) throws Exception {
    var end = rest.contains("\r\n\r\n") ? rest : rest + "\r\n";
    var client =
        connector.executeRequest(
            method + " " + HostProtocol.CALL + "/path HTTP/1.1\r\nHost: localhost\r\n" + end);
    var exchange = exchanges.poll(10, TimeUnit.SECONDS);
    if (exchange == null) {
      throw new IllegalStateException("the request did not arrive");
    }
    return new LocalCall(client, exchange);
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
