package dev.hearth.testkit;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Answers the paths of the host protocol by a {@link FakeHost}'s script. */
final class FakeHostHandler extends Handler.Abstract {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final FakeHost host;

  FakeHostHandler(FakeHost host) {
    this.host = host;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    var path = request.getHttpURI().getPath();
    if (CallKind.PING.header().equals(request.getHeaders().get(HostProtocol.CALL_KIND))) {
      ping(response, callback);
    } else if (path.startsWith(HostProtocol.CALL + "/")) {
      call(request, response, callback);
    } else if (path.startsWith(HostProtocol.CALLS + "/")) {
      host.requests.cancel(path.substring(HostProtocol.CALLS.length() + 1));
      write(response, callback, 204, new byte[0]);
    } else if (path.equals(HostProtocol.INSTANCES)) {
      start(request, response, callback);
    } else if (path.startsWith(HostProtocol.INSTANCES + "/")) {
      change(request, path.substring(HostProtocol.INSTANCES.length() + 1), response, callback);
    } else if (path.equals(HostProtocol.REST)) {
      write(response, callback, 204, new byte[0]);
    } else if (path.equals(HostProtocol.STATE)) {
      write(response, callback, 200, JSON.writeValueAsBytes(host.state));
    } else {
      write(response, callback, 404, new byte[0]);
    }
    return true;
  }

  private void ping(Response response, Callback callback) {
    if (host.isSilent) {
      host.requests.hang(callback, "");
    } else {
      write(response, callback, 200, new byte[0]);
    }
  }

  private void start(Request request, Response response, Callback callback) throws IOException {
    var spec = JSON.readValue(body(request), InstanceSpec.class);
    host.started.add(spec);
    var answer = host.onStart.apply(spec);
    if (answer instanceof StartAnswer.Started) {
      host.instances.add(spec.id());
    }
    write(answer, response, callback);
  }

  private void change(Request request, String rest, Response response, Callback callback) {
    if (request.getMethod().equals("DELETE")) {
      host.stopped.add(rest);
      host.instances.remove(rest);
      write(response, callback, 204, new byte[0]);
    } else {
      write(host.onChange.apply(rest), response, callback);
    }
  }

  private void write(StartAnswer answer, Response response, Callback callback) {
    switch (answer) {
      case StartAnswer.Started(var details) ->
          write(response, callback, 201, JSON.writeValueAsBytes(details));
      case StartAnswer.Failed(var failure) ->
          write(response, callback, 422, JSON.writeValueAsBytes(failure));
      case StartAnswer.Status(var code) -> write(response, callback, code, new byte[0]);
      case StartAnswer.Hang() -> host.requests.hang(callback, "");
    }
  }

  private void call(Request request, Response response, Callback callback) throws IOException {
    var headers = new HashMap<String, String>();
    request
        .getHeaders()
        .forEach(field -> headers.put(field.getName().toLowerCase(Locale.ROOT), field.getValue()));
    var path = request.getHttpURI().getPathQuery().substring(HostProtocol.CALL.length());
    var call =
        new FakeCall(
            request.getMethod(), path, headers, new String(body(request), StandardCharsets.UTF_8));
    host.calls.add(call);
    if (!host.instances.contains(call.header(HostProtocol.INSTANCE).orElse(""))) {
      write(CallAnswer.endsInstance(502), call, request, response, callback);
      return;
    }
    write(host.onCall.apply(call), call, request, response, callback);
  }

  private void write(
      CallAnswer answer, FakeCall call, Request request, Response response, Callback callback) {
    switch (answer) {
      case CallAnswer.Answered(var status, var headers, var body) -> {
        headers.forEach(response.getHeaders()::put);
        write(response, callback, status, body.getBytes(StandardCharsets.UTF_8));
      }
      case CallAnswer.Streamed(var parts) -> {
        response.getHeaders().put(HostProtocol.STREAMING, "true");
        stream(response, callback, parts);
      }
      case CallAnswer.Hangs() ->
          host.requests.hang(callback, call.header(HostProtocol.INVOCATION).orElse(""));
      case CallAnswer.Breaks() -> FakeRequests.fail(request, callback);
    }
  }

  private static void stream(Response response, Callback callback, Iterable<String> parts) {
    try {
      for (var part : parts) {
        Content.Sink.write(response, false, ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)));
      }
      response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    } catch (IOException broken) {
      callback.failed(broken);
    }
  }

  private static byte[] body(Request request) throws IOException {
    return Content.Source.asInputStream(request).readAllBytes();
  }

  private static void write(Response response, Callback callback, int status, byte[] body) {
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
