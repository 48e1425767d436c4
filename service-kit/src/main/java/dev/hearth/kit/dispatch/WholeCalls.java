package dev.hearth.kit.dispatch;

import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.util.BufferUtil;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends attempts with a complete body over the network and reads the complete answer. */
final class WholeCalls {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final NodeProxy proxy;
  private final String token;
  private final Patience patience;

  WholeCalls(NodeProxy proxy, String token, Patience patience) {
    this.proxy = proxy;
    this.patience = patience;
    this.token = token;
  }

  WholeAnswer send(Attempt attempt, WholeRequest request) throws InterruptedException {
    var nodeRequest =
        proxy
            .newRequest(attempt, request.method())
            .headers(headers -> {
              headers.add(request.headers());
              attempt.describe(headers, token);
            })
            .body(new ByteBufferRequestContent(request.body().slice()))
            .timeout(attempt.limit(patience).toMillis(), TimeUnit.MILLISECONDS);
    try {
      return answer(
          new CompletableResponseListener(nodeRequest, HostProtocol.LARGEST_BODY).send().get());
    } catch (ExecutionException failed) {
      var cause = failed.getCause() == null ? failed : failed.getCause();
      return new WholeAnswer(Outcome.of(cause), BufferUtil.EMPTY_BUFFER);
    } catch (InterruptedException interrupted) {
      var _ = nodeRequest.abort(interrupted);
      throw interrupted;
    }
  }

  private static WholeAnswer answer(ContentResponse response) {
    var headers = response.getHeaders();
    var detail = headers.contains(HearthHeaders.ERROR) ? detail(response.getContent()) : "";
    return new WholeAnswer(
        Outcome.of(response.getStatus(), headers, detail), ByteBuffer.wrap(response.getContent()));
  }

  /** Returns the detail of a problem, or an empty text if the body is not a problem. */
  private static String detail(byte[] problem) {
    try {
      return JSON.readTree(problem).path("detail").asString("");
    } catch (JacksonException _) {
      return "";
    }
  }
}
