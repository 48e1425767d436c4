package dev.hearth.kit.dispatch;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Request;

/** Nodes in this process, whose calls need no network. */
public final class NearNodes {

  private final Map<URI, Request.Handler> calls = new ConcurrentHashMap<>();

  /**
   * Registers a node.
   *
   * @param node the node's address, as routes name it
   * @param handler handles the requests that would be sent to the address
   */
  public void add(URI node, Request.Handler handler) {
    calls.put(node, handler);
  }

  Optional<Request.Handler> find(URI node) {
    return Optional.ofNullable(calls.get(node));
  }
}
