package dev.hearth.api.gateway;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.FunctionClient;
import dev.hearth.kit.dispatch.Invocation;
import dev.hearth.kit.web.CallProxy;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.RequestTarget;
import dev.hearth.kit.web.VirtualThreadHandler;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data plane in front of Spring that recognises calls of functions (HTTP, WebSockets, events) and
 * forwards them through {@link FunctionClient}. Passes everything else to the control API.
 */
final class GatewayHandler extends Handler.Wrapper {

  private static final Logger log = LoggerFactory.getLogger(GatewayHandler.class);

  private static final Pattern INVOCATIONS = Pattern.compile("/v1/functions/([^/?]+)/invocations");

  /** Finds the tenant whose API key a header holds; throws {@link ErrorCode#UNAUTHENTICATED}. */
  interface KeyOwners {
    String tenant(@Nullable String authorization);
  }

  private final FunctionClient client;
  private final RouteTable routes;
  private final KeyOwners keys;
  private final InternalSettings internal;
  private final CallMetrics metrics;
  private final TrustedProxies proxies;

  GatewayHandler(
      Handler next,
      FunctionClient client,
      RouteTable routes,
      KeyOwners keys,
      InternalSettings internal,
      CallMetrics metrics,
      TrustedProxies proxies) {
    super(next);
    this.client = client;
    this.routes = routes;
    this.keys = keys;
    this.internal = internal;
    this.metrics = metrics;
    this.proxies = proxies;
    installBean(client);
  }

  @Override
  protected void doStart() throws Exception {
    client.setServer(getServer());
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return guarded(this::pass, request, response, callback);
  }

  private boolean pass(Request request, Response response, Callback callback) throws Exception {
    var begun = System.nanoTime();
    var name = eventOf(request);
    if (name.isPresent()) {
      // Looking up the owner of the key may block.
      return VirtualThreadHandler.run(
          (asked, answer, done) ->
              guarded(
                  (event, reply, end) -> invoke(name.get(), begun, event, reply, end),
                  asked,
                  answer,
                  done),
          request,
          response,
          callback);
    }
    var target = target(request);
    if (target.isEmpty()) {
      return super.handle(request, response, callback);
    }
    if (hasOtherEncoding(request)) {
      Response.writeError(
          request,
          response,
          callback,
          HttpStatus.NOT_IMPLEMENTED_501,
          "the only transfer encoding that is supported is chunked");
      return true;
    }
    if (CallProxy.isUpgrade(request)) {
      requireHandshake(request.getHeaders());
    }
    var kind = isPing(request) ? CallKind.PING : CallKind.HTTP;
    var invocation = invocation(target.get(), kind, request);
    var ended =
        kind == CallKind.HTTP && !CallProxy.isUpgrade(request)
            ? counted(invocation.function(), begun, response, callback)
            : callback;
    client.forward(invocation, begun, request, response, ended);
    return true;
  }

  private Invocation invocation(CallTarget target, CallKind kind, Request request) {
    return new Invocation(
        UUID.randomUUID(),
        target.function(),
        kind,
        target.rootPath(),
        target.pathQuery(),
        proxies.origin(request));
  }

  /** Refuses a handshake that no server can answer (RFC 6455, 4.2.1). */
  private static void requireHandshake(HttpFields headers) {
    if (!"13".equals(headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))
        || !headers.contains(HttpHeader.SEC_WEBSOCKET_KEY)) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID,
          "A WebSocket needs Sec-WebSocket-Version: 13 and Sec-WebSocket-Key in its handshake.");
    }
  }

  /** Returns true if the body has an encoding that the function could not see. */
  private static boolean hasOtherEncoding(Request request) {
    return request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING).stream()
        .anyMatch(encoding -> !encoding.equalsIgnoreCase("chunked"));
  }

  /** Hands an event to the caller's own function of that name. */
  private boolean invoke(
      String name, long begun, Request request, Response response, Callback callback)
      throws Exception {
    var target = eventTarget(name, request);
    var invocation = invocation(target, CallKind.EVENT, request);
    var ended = counted(target.function(), begun, response, callback);
    client.forward(invocation, begun, request, response, ended);
    return true;
  }

  /** Counts the call when it has ended, if the function exists. */
  private Callback counted(FunctionKey function, long begun, Response response, Callback callback) {
    return routes.find(function).isPresent()
        ? metrics.counting(function, begun, response, callback)
        : callback;
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
      // Top of a call: a mistake of ours becomes an answer.
      log.atError().setCause(unexpected).log("call not forwarded");
      Problems.write(request, response, callback, ErrorCode.INTERNAL, Problems.UNEXPECTED);
      return true;
    }
  }

  /** Returns true for requests of the gateway's own warmer, which alone has the secret. */
  private boolean isPing(Request request) {
    return CallKind.PING.header().equals(request.getHeaders().get(HostProtocol.CALL_KIND))
        && internal.accepts(request.getHeaders().get(HearthHeaders.INTERNAL_TOKEN));
  }

  private Optional<CallTarget> target(Request request) {
    var host =
        proxies.sent(request)
            ? proxies.origin(request).host()
            : request.getHeaders().get(HttpHeader.HOST);
    var pathQuery = request.getHttpURI().getPathQuery();
    var target = CallTarget.of(host, pathQuery);
    if (target.isEmpty() && (pathQuery.equals("/f") || pathQuery.startsWith("/f/"))) {
      throw new HearthException(
          ErrorCode.FUNCTION_NOT_FOUND,
          "There is no function at this path. Functions take calls at /f/TENANT/FUNCTION/.");
    }
    if (target.isPresent() && !RequestTarget.isKnown(pathQuery)) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID,
          "The path or the query has bytes that are not UTF-8. Send them percent-encoded.");
    }
    if (target.filter(CallTarget::leavesFunction).isPresent()) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID,
          "The dot segments of the path lead out of the function %s. Send a path without them."
              .formatted(target.get().function()));
    }
    return target;
  }

  /** Returns the name in {@code POST /v1/functions/NAME/invocations}. */
  private static Optional<String> eventOf(Request request) {
    if (!request.getMethod().equals("POST")) {
      return Optional.empty();
    }
    var invocations = INVOCATIONS.matcher(request.getHttpURI().getPath());
    return invocations.matches() ? Optional.of(invocations.group(1)) : Optional.empty();
  }

  /** Authenticates the sender of an event and returns the sender's function of that name. */
  private CallTarget eventTarget(String name, Request request) {
    var tenant = keys.tenant(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (!FunctionKey.isName(name)) {
      throw new HearthException(ErrorCode.FUNCTION_NOT_FOUND, "There is no function " + name + ".");
    }
    return new CallTarget(new FunctionKey(tenant, name), "", request.getHttpURI().getPath());
  }
}
