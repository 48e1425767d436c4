package dev.hearth.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the node talks to: {@code POST /instances}, {@code DELETE /instances/ID}, and any request
 * under {@code /call}, which goes to the instance that {@value HearthHeaders#INSTANCE} names.
 */
final class HostServer extends Handler.Abstract {

  private static final String CALL = "/call";
  private static final String INSTANCES = "/instances";
  private static final int LARGEST_BODY = 64 << 20;

  /** What the platform writes itself; an answer's own copy would be wrong. */
  private static final Set<String> OWN_HEADERS =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "date", "server");

  private final Path socket;
  private final Instances instances;
  private final Instance sample;
  private final JsonMapper json = JsonMapper.shared();

  /** The sample answers pings. */
  HostServer(Path socket, Instances instances, Instance sample) {
    this.socket = socket;
    this.instances = instances;
    this.sample = sample;
  }

  void listen() throws Exception {
    var server = new Server(new VirtualThreadPool());
    var configuration = new HttpConfiguration();
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(96 * 1024);
    configuration.setResponseHeaderSize(96 * 1024);
    var connector = new UnixDomainServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setUnixDomainPath(socket);
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(this);
    server.start();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    try {
      return serve(request, response, callback);
    } catch (OutOfMemoryError _) {
      // No thread is left, most likely: functions may have taken them all. A new process has some.
      Instances.halt();
      return true;
    }
  }

  private boolean serve(Request request, Response response, Callback callback) throws Exception {
    var path = request.getHttpURI().getPath();
    if (own(request, HearthHeaders.CALL).equals(HearthHeaders.CALL_PING)) {
      answer(request, response, callback, sample.call(read(request)));
    } else if (path.startsWith(CALL + "/")) {
      call(request, response, callback);
    } else if (path.equals(INSTANCES)) {
      start(request, response, callback);
    } else if (path.startsWith(INSTANCES + "/")) {
      var ended = instances.stop(path.substring(INSTANCES.length() + 1));
      write(response, endingUnless(ended, callback), 204, new byte[0]);
    } else {
      write(response, callback, 404, new byte[0]);
    }
    return true;
  }

  private void start(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    var spec = json.readValue(body(request), InstanceSpec.class);
    try {
      var instance = instances.start(spec);
      write(response, callback, 201, json.writeValueAsBytes(instance.started()));
    } catch (Instance.StartFailedException failed) {
      var failure = new InstanceFailure(String.valueOf(failed.getMessage()), failed.traceback());
      write(response, callback, 422, json.writeValueAsBytes(failure));
    }
  }

  private void call(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    var id = String.valueOf(request.getHeaders().get(HearthHeaders.INSTANCE));
    var instance = instances.find(id);
    if (instance.isEmpty()) {
      problem(
          request,
          response,
          callback,
          ErrorCode.INSTANCE_LOST,
          "The instance is not here any more; try again.");
      return;
    }
    try {
      answer(request, response, callback, instance.get().call(read(request)));
    } catch (HearthException refused) {
      problem(request, response, callback, refused.code(), refused.detail());
    } catch (TimeoutException _) {
      end(
          request,
          response,
          callback,
          id,
          ErrorCode.FUNCTION_TIMED_OUT,
          "The call reached the function's limit. Make it faster, or raise timeout in [tool.hearth].");
    } catch (Instance.InstanceGoneException gone) {
      end(
          request,
          response,
          callback,
          id,
          ErrorCode.INSTANCE_LOST,
          "The interpreter ended during the call: " + gone.getMessage());
    }
  }

  /** The answer leaves first; then the process ends if there is no other way. */
  private static Callback endingUnless(boolean ended, Callback callback) {
    return ended ? callback : Callback.from(callback, Instances::halt);
  }

  private void end(
      Request request,
      Response response,
      Callback callback,
      String id,
      ErrorCode code,
      String detail) {
    var ended = instances.stop(id);
    if (!ended) {
      response.getHeaders().put(HearthHeaders.HOST_ENDING, "true");
    }
    problem(request, response, endingUnless(ended, callback), code, detail);
  }

  private static Call read(Request request) throws IOException {
    var headers = new StringBuilder();
    for (HttpField field : request.getHeaders()) {
      if (!field.getLowerCaseName().startsWith(HearthHeaders.PREFIX)
          && field.getHeader() != HttpHeader.CONNECTION) {
        headers.append(field.getName()).append('\0').append(value(field)).append('\0');
      }
    }
    var uri = request.getHttpURI();
    var path = uri.getPath().substring(CALL.length());
    return new Call(
        request.getMethod(),
        path,
        uri.getQuery() == null ? "" : uri.getQuery(),
        headers.toString(),
        body(request),
        own(request, HearthHeaders.ROOT_PATH),
        own(request, HearthHeaders.CLIENT),
        own(request, HearthHeaders.SCHEME),
        own(request, HearthHeaders.INVOCATION),
        own(request, HearthHeaders.CALL).equals(HearthHeaders.CALL_EVENT));
  }

  private static String value(HttpField field) {
    return field.getValue() == null ? "" : field.getValue();
  }

  private static String own(Request request, String name) {
    var value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }

  private static byte[] body(Request request) throws IOException {
    try (var in = Content.Source.asInputStream(request)) {
      var body = in.readNBytes(LARGEST_BODY + 1);
      if (body.length > LARGEST_BODY) {
        throw new HearthException(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "A request body may have %d MiB.".formatted(LARGEST_BODY >> 20));
      }
      return body;
    }
  }

  private void answer(Request request, Response response, Callback callback, Answer answer) {
    if (answer.status() != 0 && (answer.status() < 200 || answer.status() > 599)) {
      problem(
          request,
          response,
          callback,
          ErrorCode.FUNCTION_ANSWER_INVALID,
          "The function answered the status %d; 200–599 can be sent.".formatted(answer.status()));
      return;
    }
    if (answer.status() == 0) {
      var code = ErrorCode.valueOf(answer.headers().replace("\0", "").toUpperCase(Locale.ROOT));
      problem(request, response, callback, code, detail(code));
      return;
    }
    var parts = answer.headers().split("\0", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      var lower = parts[i].toLowerCase(Locale.ROOT);
      if (lower.equals("content-length") && request.getMethod().equals("HEAD")) {
        response.getHeaders().put(parts[i], parts[i + 1]);
      } else if (!OWN_HEADERS.contains(lower) && !lower.startsWith(HearthHeaders.PREFIX)) {
        response.getHeaders().add(parts[i], parts[i + 1]);
      }
    }
    var isEvent = own(request, HearthHeaders.CALL).equals(HearthHeaders.CALL_EVENT);
    if (isEvent) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      if (answer.status() == ErrorCode.INSTANCE_LOST.status()) {
        response.getHeaders().put(HearthHeaders.FUNCTION_ERROR, "unhandled");
      }
    }
    response.getHeaders().add("Server-Timing", "run;dur=%.3f".formatted(answer.milliseconds()));
    write(response, callback, answer.status(), answer.body());
  }

  private static String detail(ErrorCode code) {
    return switch (code) {
      case FUNCTION_RAISED -> "The function raised an exception; its log has the traceback.";
      case FUNCTION_ANSWER_INVALID -> "The function's answer cannot be sent; its log says why.";
      case REQUEST_INVALID -> "The body must be one JSON value: the event.";
      case CONVENTION_MISMATCH ->
          "Invocations hand an event to a Lambda-style handler(event, context); call this function by HTTP instead.";
      default -> code.title();
    };
  }

  private void problem(
      Request request, Response response, Callback callback, ErrorCode code, String detail) {
    var instance =
        own(request, HearthHeaders.ROOT_PATH)
            + request.getHttpURI().getPath().substring(CALL.length());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.getHeaders().put(HearthHeaders.ERROR, code.code());
    write(
        response,
        callback,
        code.status(),
        json.writeValueAsBytes(new Problem(code, detail, instance).members()));
  }

  private static void write(Response response, Callback callback, int status, byte[] body) {
    var content = status == 204 || status == 304 ? new byte[0] : body;
    response.setStatus(status);
    var forHead = response.getRequest().getMethod().equals("HEAD");
    if (status != 204 && status != 304 && !forHead) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
    }
    response.write(true, ByteBuffer.wrap(forHead ? new byte[0] : content), callback);
  }
}
