package dev.hearth.kit.dispatch;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.CallProxy;
import dev.hearth.kit.web.RequestTarget;
import java.io.IOException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Forwards attempts to their nodes: over the network with both bodies streamed, or by a method call
 * to a node in this process.
 */
final class NodeProxy extends CallProxy {

  private static final String ATTEMPT = NodeProxy.class.getName();
  private static final String BODY = ReplayedBody.class.getName();

  private final String token;
  private final Patience patience;
  private final NearNodes near;
  private final Refusals refusals;

  /** Decides about calls that a node did not take. */
  interface Refusals {

    /**
     * Takes over a refused call; returns false if the refusal must be sent to the client.
     *
     * @param isUnsent true if the body can be sent again
     */
    boolean takeOver(
        Attempt attempt,
        Outcome outcome,
        boolean isUnsent,
        Request request,
        Response response,
        Callback callback);

    /** Responds to a call that no node answered. */
    void answer(Outcome outcome, Request request, Response response, Callback callback);
  }

  /** Signals that a node refused a call, which now goes to another placement. */
  private static final class MovedException extends IOException {
    private static final long serialVersionUID = 1;
  }

  NodeProxy(String token, Patience patience, NearNodes near, Refusals refusals) {
    this.token = token;
    this.patience = patience;
    this.near = near;
    this.refusals = refusals;
  }

  void forward(Attempt attempt, Request request, Response response, Callback callback)
      throws Exception {
    request.setAttribute(ATTEMPT, attempt);
    var handler = near.find(attempt.target().node());
    if (handler.isEmpty()) {
      request.removeAttribute(EARLIER_STEP);
      handle(request, response, callback);
      return;
    }
    var onwards = newRequest(attempt, request.getMethod());
    copyRequestHeaders(request, onwards);
    addProxyHeaders(request, onwards);
    request.setAttribute(EARLIER_STEP, attempt.timing());
    var nearRequest = new NearRequest(request, attempt.pathQuery(), onwards);
    var nearResponse =
        new NearResponse(
            nearRequest,
            response,
            headers ->
                refusals.takeOver(
                    attempt,
                    Outcome.of(response.getStatus(), headers, ""),
                    nearRequest.isUnread(),
                    request,
                    response,
                    callback));
    if (!handler.get().handle(nearRequest, nearResponse, callback)) {
      refusals.answer(
          new Outcome.NoCapacity(true, Outcome.UNREACHABLE), request, response, callback);
    }
  }

  /** Creates a request to the attempt's node, without headers and body. */
  org.eclipse.jetty.client.Request newRequest(Attempt attempt, String method) {
    return getHttpClient()
        .newRequest(attempt.target().node())
        .method(method)
        .path(RequestTarget.line(attempt.pathQuery()));
  }

  private static Attempt attempt(Request request) {
    return (Attempt) request.getAttribute(ATTEMPT);
  }

  @Override
  protected void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response) {
    response.getHeaders().add("Server-Timing", attempt(request).timing());
  }

  @Override
  protected boolean isWanted(Request request, org.eclipse.jetty.client.Response answer) {
    var outcome = Outcome.of(answer.getStatus(), answer.getHeaders(), "");
    return !outcome.isMoved() || !isUnsent(request);
  }

  @Override
  protected Throwable unwanted() {
    return new MovedException();
  }

  private static boolean isUnsent(Request request) {
    return !(request.getAttribute(BODY) instanceof ReplayedBody body) || body.isRepeatable();
  }

  @Override
  protected @Nullable HttpField filterServerToProxyResponseField(HttpField field) {
    return field.is(HostProtocol.NOT_BEGUN) ? null : super.filterServerToProxyResponseField(field);
  }

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    // newProxyToServerRequest sets the address, because java.net.URI rejects some clients' paths.
    return request.getHttpURI();
  }

  @Override
  protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
    var attempt = attempt(request);
    var nodeRequest = newRequest(attempt, request.getMethod());
    limitAnswer(request, nodeRequest, attempt.limit(patience));
    return nodeRequest;
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request nodeRequest) {
    var sent = (ReplayedBody) request.getAttribute(BODY);
    var body =
        sent == null
            ? new ReplayedBody(
                request, super.newProxyToServerRequestContent(request, response, nodeRequest))
            : sent.again();
    request.setAttribute(BODY, body);
    return body;
  }

  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request nodeRequest) {
    super.copyRequestHeaders(request, nodeRequest);
    nodeRequest.headers(headers -> attempt(request).describe(headers, token));
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request nodeRequest) {
    var origin = attempt(request).invocation().origin();
    if (!origin.isProxied()) {
      addForwardedHeader(request, nodeRequest);
    } else if (!nodeRequest.getHeaders().contains(HttpHeader.FORWARDED)) {
      nodeRequest.headers(headers -> headers.put(HttpHeader.FORWARDED, origin.forwarded()));
    }
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
      return;
    }
    if (answerBrokenBody(request, response, callback)) {
      return;
    }
    var outcome =
        failure instanceof MovedException
            ? Outcome.of(nodeResponse.getStatus(), nodeResponse.getHeaders(), Outcome.MOVED)
            : Outcome.of(failure);
    if (!refusals.takeOver(
        attempt(request), outcome, isUnsent(request), request, response, callback)) {
      refusals.answer(outcome, request, response, callback);
    }
  }
}
