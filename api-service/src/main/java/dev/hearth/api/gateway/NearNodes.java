package dev.hearth.api.gateway;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Request;
import org.springframework.stereotype.Component;

/** Nodes in this very process, whose calls need not go over the network. */
@Component
public class NearNodes {

  private final Map<URI, Request.Handler> calls = new ConcurrentHashMap<>();

  /**
   * Tells of one.
   *
   * @param node its address, as routes have it
   * @param handler what its server does with a request
   */
  public void add(URI node, Request.Handler handler) {
    calls.put(node, handler);
  }

  Optional<Request.Handler> find(URI node) {
    return Optional.ofNullable(calls.get(node));
  }
}
