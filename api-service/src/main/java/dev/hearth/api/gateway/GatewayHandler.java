package dev.hearth.api.gateway;

import dev.hearth.api.tenant.ApiKeys;
import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.VirtualThreadHandler;
import dev.hearth.kit.web.WebSocketProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane, in front of Spring: finds the function's route in memory and has {@link
 * NodeProxy} pass the call on. Everything else goes to the control API.
 */
final class GatewayHandler extends Handler.Wrapper {

  private static final Logger log = LoggerFactory.getLogger(GatewayHandler.class);

  private static final Pattern INVOCATIONS = Pattern.compile("/v1/functions/([^/?]+)/invocations");

  private final RouteTable routes;
  private final ApiKeys keys;
  private final InternalSettings internal;
  private final CallMetrics metrics;
  private final NodeProxy proxy;
  private final WebSocketProxy webSockets = new WebSocketProxy();
  private final Duration patience;

  GatewayHandler(
      Handler next,
      RouteTable routes,
      ApiKeys keys,
      InternalSettings internal,
      CallMetrics metrics,
      NearNodes near,
      GatewaySettings settings) {
    super(next);
    this.routes = routes;
    this.keys = keys;
    this.internal = internal;
    this.metrics = metrics;
    this.proxy = new NodeProxy(internal, near);
    this.patience = settings.patience();
    installBean(proxy);
    installBean(webSockets);
  }

  @Override
  protected void doStart() throws Exception {
    proxy.setServer(getServer());
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return guarded(this::pass, request, response, callback);
  }

  private boolean pass(Request request, Response response, Callback callback) throws Exception {
    var begun = System.nanoTime();
    var invocation = invocation(request);
    if (invocation.isPresent()) {
      // Looking up whose key it is may wait.
      return apart(
          (asked, answer, done) -> invoke(invocation.get(), begun, asked, answer, done),
          request,
          response,
          callback);
    }
    var target = httpCall(request);
    if (target.isEmpty()) {
      return super.handle(request, response, callback);
    }
    var kind = isPing(request) ? CallKind.PING : CallKind.HTTP;
    var isUpgrade = WebSocketProxy.isUpgrade(request);
    var function = target.get().function();
    var route = routes.find(function);
    var isCounted = route.isPresent() && kind == CallKind.HTTP && !isUpgrade;
    var ended = isCounted ? metrics.counting(function, begun, response, callback) : callback;
    if (route.isPresent() && !route.get().targets().isEmpty() && !isUpgrade) {
      var call = routed(target.get(), route.get(), kind, begun);
      return proxy.forward(call, request, response, ended);
    }
    return apart(
        (asked, answer, done) -> forward(target.get(), kind, begun, asked, answer, done),
        request,
        response,
        ended);
  }

  /** Hands an event to the caller's own function of that name. */
  private boolean invoke(
      String name, long begun, Request request, Response response, Callback callback)
      throws Exception {
    var target = event(name, request);
    var function = target.function();
    // What is refused from here on is a call's answer, if there is such a function.
    return guarded(
        (asked, answer, done) -> forward(target, CallKind.EVENT, begun, asked, answer, done),
        request,
        response,
        routes.find(function).isPresent()
            ? metrics.counting(function, begun, response, callback)
            : callback);
  }

  private static boolean apart(
      Request.Handler handler, Request request, Response response, Callback callback) {
    return VirtualThreadHandler.run(
        (asked, answer, done) -> guarded(handler, asked, answer, done),
        request,
        response,
        callback);
  }

  private static boolean guarded(
      Request.Handler handler, Request request, Response response, Callback callback)
      throws Exception {
    try {
      return handler.handle(request, response, callback);
    } catch (HearthException refused) {
      Problems.write(request, response, callback, refused.code(), refused.detail());
      return true;
    } catch (RuntimeException unexpected) {
      log.atError().setCause(unexpected).log("call not forwarded");
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.INTERNAL,
          "Try again; if it stays, ask the operator to look at the log.");
      return true;
    }
  }

  /** May wait for an instance. */
  private boolean forward(
      CallTarget target,
      CallKind kind,
      long begun,
      Request request,
      Response response,
      Callback callback)
      throws Exception {
    var call = routed(target, route(target.function()), kind, begun);
    if (kind == CallKind.HTTP && WebSocketProxy.isUpgrade(request)) {
      var onwards = proxy.webSocket(call, request);
      webSockets.forward(onwards, getServer(), request, response, callback, _ -> {});
      return true;
    }
    return proxy.forward(call, request, response, callback);
  }

  private static NodeProxy.RoutedCall routed(
      CallTarget target, RoutePublished route, CallKind kind, long begun) {
    return new NodeProxy.RoutedCall(target, route, kind, System.nanoTime() - begun);
  }

  /** Only our own warmer has the secret. */
  private boolean isPing(Request request) {
    return CallKind.PING.header().equals(request.getHeaders().get(HostProtocol.CALL_KIND))
        && internal.accepts(request.getHeaders().get(HearthHeaders.INTERNAL_TOKEN));
  }

  private static Optional<CallTarget> httpCall(Request request) {
    var host = request.getHeaders().get(HttpHeader.HOST);
    var pathQuery = request.getHttpURI().getPathQuery();
    var target = CallTarget.of(host, pathQuery);
    if (target.isEmpty() && (pathQuery.equals("/f") || pathQuery.startsWith("/f/"))) {
      throw new HearthException(
          ErrorCode.FUNCTION_NOT_FOUND, "Functions take calls at /f/TENANT/FUNCTION/.");
    }
    return target;
  }

  /** {@code POST /v1/functions/{name}/invocations}: whose name it has. */
  private static Optional<String> invocation(Request request) {
    if (!request.getMethod().equals("POST")) {
      return Optional.empty();
    }
    var invocations = INVOCATIONS.matcher(request.getHttpURI().getPath());
    return invocations.matches() ? Optional.of(invocations.group(1)) : Optional.empty();
  }

  /** The one call that needs a key. */
  private CallTarget event(String name, Request request) {
    var tenant = keys.tenant(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (!FunctionKey.isName(name)) {
      throw new HearthException(ErrorCode.FUNCTION_NOT_FOUND, "There is no function " + name + ".");
    }
    return new CallTarget(new FunctionKey(tenant, name), "", request.getHttpURI().getPath());
  }

  private RoutePublished route(FunctionKey function) throws InterruptedException {
    if (routes.find(function).isEmpty()) {
      throw new HearthException(
          ErrorCode.FUNCTION_NOT_FOUND,
          "There is no function %s that takes calls. `hearth functions` lists yours and their state."
              .formatted(function));
    }
    return routes
        .awaitTarget(function, patience)
        .orElseThrow(() ->
            new HearthException(
                ErrorCode.NO_INSTANCE,
                "No instance of %s became ready within %d s; try again in a moment."
                    .formatted(function, patience.toSeconds())));
  }
}
