package dev.hearth.api.gateway;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.CallProxy;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.WebSocketProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Passes a call to the executor node that keeps the function's instance: one hop, bodies streamed
 * both ways; or none where the node is in this process.
 */
final class NodeProxy extends CallProxy {

  private static final String ROUTED = NodeProxy.class.getName();

  /** A node far away answers within the call's limit, that of the call before it, and a start. */
  private static final Duration WAIT_AT_NODE = Duration.ofSeconds(45);

  private final InternalSettings internal;
  private final NearNodes near;

  /**
   * A call with its route.
   *
   * @param chosen one of the route's targets
   * @param gatewayNanos what it took to find the route
   */
  record RoutedCall(
      CallTarget target, RoutePublished route, Target chosen, CallKind kind, long gatewayNanos) {

    RoutedCall(CallTarget target, RoutePublished route, CallKind kind, long gatewayNanos) {
      this(target, route, oneOf(route.targets()), kind, gatewayNanos);
    }

    private static Target oneOf(List<Target> targets) {
      return targets.get(ThreadLocalRandom.current().nextInt(targets.size()));
    }

    /** At the node. */
    String pathQuery() {
      return HostProtocol.CALL + target.pathQuery();
    }
  }

  NodeProxy(InternalSettings internal, NearNodes near) {
    this.internal = internal;
    this.near = near;
  }

  @Override
  protected void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response) {
    response.getHeaders().add("Server-Timing", step(routed(request)));
  }

  private static String step(RoutedCall call) {
    return timing("gateway", call.gatewayNanos());
  }

  boolean forward(RoutedCall call, Request request, Response response, Callback callback)
      throws Exception {
    request.setAttribute(ROUTED, call);
    var handler = near.find(call.chosen().node());
    if (handler.isEmpty()) {
      return handle(request, response, callback);
    }
    var onwards = newRequest(call, request);
    copyRequestHeaders(request, onwards);
    addProxyHeaders(request, onwards);
    request.setAttribute(EARLIER_STEP, step(call));
    var nearRequest = new NearRequest(request, call.pathQuery(), onwards);
    return handler.get().handle(nearRequest, response, callback);
  }

  private static RoutedCall routed(Request request) {
    return (RoutedCall) request.getAttribute(ROUTED);
  }

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    // newProxyToServerRequest sets the address: what a client sends need not be a URI by Java's
    // rules.
    return request.getHttpURI();
  }

  @Override
  protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
    var call = routed(request);
    var nodeRequest = newRequest(call, request);
    limitAnswer(request, nodeRequest, call.route().timeout().multipliedBy(2).plus(WAIT_AT_NODE));
    return nodeRequest;
  }

  private org.eclipse.jetty.client.Request newRequest(RoutedCall call, Request request) {
    return getHttpClient()
        .newRequest(call.chosen().node())
        .method(request.getMethod())
        .path(call.pathQuery());
  }

  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request nodeRequest) {
    super.copyRequestHeaders(request, nodeRequest);
    nodeRequest.headers(headers -> describe(routed(request), request, headers));
  }

  /** Takes off what a client must not say, and says what the node needs to know. */
  private void describe(RoutedCall call, Request request, HttpFields.Mutable headers) {
    headers.getFieldNamesCollection().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(HearthHeaders.PREFIX))
        .toList()
        .forEach(headers::remove);
    headers.put(HearthHeaders.INTERNAL_TOKEN, internal.token());
    headers.put(HearthHeaders.PLACEMENT, call.chosen().placement().toString());
    headers.put(HostProtocol.ROOT_PATH, call.target().rootPath());
    headers.put(HostProtocol.INVOCATION, UUID.randomUUID().toString());
    headers.put(HostProtocol.CLIENT, Request.getRemoteAddr(request));
    headers.put(HostProtocol.SCHEME, request.isSecure() ? "https" : "http");
    headers.put(HostProtocol.HOST, String.valueOf(request.getHeaders().get(HttpHeader.HOST)));
    if (!call.kind().header().isEmpty()) {
      headers.put(HostProtocol.CALL_KIND, call.kind().header());
    }
    if (call.kind() == CallKind.EVENT) {
      headers.remove(HttpHeader.AUTHORIZATION);
    }
  }

  /** Where a call that is a WebSocket goes. */
  WebSocketProxy.Target webSocket(RoutedCall call, Request request) {
    var headers = HttpFields.build(request.getHeaders());
    describe(call, request, headers);
    var node = call.chosen().node();
    return new WebSocketProxy.Target(
        URI.create("ws://%s:%d%s".formatted(node.getHost(), node.getPort(), call.pathQuery())),
        Optional.empty(),
        HttpFields.asMap(headers),
        call.route().timeout().plus(WAIT_AT_NODE));
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request nodeRequest) {
    addForwardedHeader(request, nodeRequest);
  }

  @Override
  protected void onServerToProxyResponseFailure(
      Request request,
      org.eclipse.jetty.client.Request nodeRequest,
      org.eclipse.jetty.client.Response nodeResponse,
      Response response,
      Callback callback,
      Throwable failure) {
    if (isUnanswerable(response, failure)) {
      callback.failed(failure);
    } else if (failure instanceof TimeoutException) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.FUNCTION_TIMED_OUT,
          "The function did not answer within its limit and the time to wait for its turn.");
    } else {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.NO_INSTANCE,
          "The function's node does not answer; its instances are moved. Try again in a moment.");
    }
  }
}
