package dev.hearth.api.gateway;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.InternalSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Sends pings through the gateway's own port to each new node, so that classes are loaded, code is
 * compiled and connections are open before the first call. A sample in the host process answers a
 * ping, never user code.
 */
@Component
class GatewayWarmer {

  private static final Logger log = LoggerFactory.getLogger(GatewayWarmer.class);
  private static final int PINGS = 1000;

  /** The first ping waits until the node has started an instance. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final InternalSettings internal;
  private final Set<URI> known = new HashSet<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile @Nullable Integer port;

  GatewayWarmer(InternalSettings internal) {
    this.internal = internal;
  }

  @EventListener
  void listen(WebServerInitializedEvent event) {
    port = event.getWebServer().getPort();
  }

  /**
   * Warms connections to new nodes of the route in the background; called by the one thread that
   * reads routes.
   */
  void warm(RoutePublished route) {
    var ownPort = port;
    if (ownPort != null && route.targets().stream().anyMatch(target -> known.add(target.node()))) {
      Thread.ofVirtual().name("gateway-warmer").start(() -> ping(route, ownPort));
    }
  }

  private void ping(RoutePublished route, int ownPort) {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + ownPort + "/f/" + route.revision().function() + "/"))
            .header(HostProtocol.CALL_KIND, CallKind.PING.header())
            .header(HearthHeaders.INTERNAL_TOKEN, internal.token());
    try {
      var first = http.send(request.timeout(START_LIMIT).build(), BodyHandlers.discarding());
      var deadline = System.nanoTime() + LIMIT.toNanos();
      for (int i = 0; first.statusCode() == 200 && i < PINGS && System.nanoTime() < deadline; i++) {
        if (http.send(request.timeout(LIMIT).build(), BodyHandlers.discarding()).statusCode()
            != 200) {
          return;
        }
      }
    } catch (IOException failed) {
      log.atInfo().addKeyValue("cause", failed.toString()).log("connections to a node not warmed");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
