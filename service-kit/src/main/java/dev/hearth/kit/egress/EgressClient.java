package dev.hearth.kit.egress;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpStatus;

/**
 * HTTP client for addresses that users provide, limited to admitted destinations. It reuses
 * connections and stores no cookies.
 */
public final class EgressClient implements Closeable {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(1));

  public EgressClient(Destinations destinations) throws IOException {
    client.setSocketAddressResolver((host, port, _, promise) -> {
      try {
        promise.succeeded(
            destinations.resolve(host).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList());
      } catch (IOException refused) {
        promise.failed(refused);
      }
    });
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setConnectTimeout(CONNECT_LIMIT.toMillis());
    client.setIdleTimeout(IDLE.toMillis());
    client.setDestinationIdleTimeout(IDLE.toMillis());
    try {
      client.start();
    } catch (Exception failed) {
      // Jetty's start declares Exception.
      throw new IOException("the HTTP client could not start", failed);
    }
  }

  /**
   * Fetches a body and follows redirects.
   *
   * @param limit longest time for the complete answer
   * @throws IOException if the answer is not 200; the message continues a sentence that begins with
   *     the address ("… was answered with 404")
   */
  public InputStream get(String url, Duration limit) throws IOException {
    var listener = new InputStreamResponseListener();
    try {
      client.newRequest(url).timeout(limit.toMillis(), TimeUnit.MILLISECONDS).send(listener);
      var answer = listener.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.getStatus() != HttpStatus.OK_200) {
        var refused = new IOException("was answered with " + answer.getStatus());
        var _ = answer.abort(refused);
        throw refused;
      }
      return listener.getInputStream();
    } catch (IllegalArgumentException unusable) {
      throw new IOException("has an invalid address: " + unusable.getMessage(), unusable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw new IOException("cannot be fetched: " + failed.getMessage(), failed);
    } catch (TimeoutException slow) {
      throw new IOException("was not answered within " + limit.toSeconds() + " s", slow);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      client.stop();
    } catch (Exception failed) {
      // Jetty's stop declares Exception.
      throw new IOException("the HTTP client could not stop", failed);
    }
  }
}
