package dev.hearth.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One call between the server and the code that answers it: its body comes and its answer leaves in
 * parts. Thread-safe; the monitor guards everything that changes.
 */
final class Exchange {

  /** What happens that code may wait for. */
  enum News {
    /** There may be more to read, or room to write. */
    PROGRESS,
    /** Nobody wants the answer any more. */
    CANCEL
  }

  private static final int LARGEST_BODY = 64 << 20;

  /** Bytes of an answer that may wait for the client before the code does. */
  private static final int ENOUGH = 256 << 10;

  /** What the platform writes itself; an answer's own copy would be wrong. */
  private static final Set<String> OWN_HEADERS =
      Set.of("transfer-encoding", "connection", "keep-alive", "date", "server");

  /** The opcode of a text (RFC 6455, 5.2). */
  private static final int TEXT = 1;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final long id;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final boolean isEvent;
  private final long begunAt = System.nanoTime();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> sent = new CompletableFuture<>();
  private final Deque<Part> parts = new ArrayDeque<>();
  private final CompletableFuture<Acceptance> acceptance = new CompletableFuture<>();
  private final HostSocket socket =
      new HostSocket(() -> tellNews(News.PROGRESS), () -> tellNews(News.CANCEL));
  private Consumer<News> news = _ -> {};
  private boolean isSocket;
  private int waitingBytes;
  private long readBytes;
  private boolean isRead;
  private boolean isDemanded;
  private boolean isTaken;
  private boolean isWriting;
  private boolean isBegun;
  private boolean isAnswered;
  private boolean isGone;
  private long answeredAt;
  private ErrorCode verdict = ErrorCode.INSTANCE_LOST;
  private String verdictDetail = "The call was ended before it was answered.";

  /**
   * The code accepts a WebSocket, or has answered something else.
   *
   * @param protocol the one of the client's that it chose, or empty
   */
  record Acceptance(boolean isAccepted, String headers, String protocol) {}

  private record Part(ByteBuffer content, boolean last) {}

  Exchange(long id, Request request, Response response, Callback callback) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.callback = Callback.from(callback, () -> sent.complete(null));
    this.isEvent = HearthHeaders.CALL_EVENT.equals(request.getHeaders().get(HearthHeaders.CALL));
  }

  long id() {
    return id;
  }

  /** Who is told what happens; before the call begins. */
  synchronized void tell(Consumer<News> listener) {
    news = listener;
  }

  private void tellNews(News what) {
    news.accept(what);
  }

  /** What becomes of a request for a WebSocket; done when the code has decided. */
  CompletableFuture<Acceptance> acceptance() {
    return acceptance;
  }

  HostSocket socket() {
    return socket;
  }

  /**
   * What the code does with a WebSocket; the status is an opcode, or a code when it is the last.
   */
  private boolean sendMessage(int status, byte[] content, boolean last) {
    if (last) {
      answered();
      socket.close(status, "");
      return true;
    }
    return socket.send(status == TEXT, content);
  }

  /**
   * The next part of the body as Latin-1, empty at its end, null while there is no more; then there
   * will be news.
   */
  @Nullable String receive() {
    synchronized (this) {
      if (isSocket) {
        return socket.receive();
      }
      if (isRead || isGone) {
        return "";
      }
      var chunk = request.read();
      if (chunk == null) {
        if (!isDemanded) {
          isDemanded = true;
          request.demand(this::readable);
        }
        return null;
      }
      if (!Content.Chunk.isFailure(chunk)) {
        return text(chunk);
      }
    }
    gone();
    return "";
  }

  private @Nullable String text(Content.Chunk chunk) {
    isRead = chunk.isLast();
    var text = BufferUtil.toString(chunk.getByteBuffer(), StandardCharsets.ISO_8859_1);
    chunk.release();
    readBytes += text.length();
    if (readBytes > LARGEST_BODY) {
      isRead = true;
      problem(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "A request body may have %d MiB.".formatted(LARGEST_BODY >> 20));
      news.accept(News.CANCEL);
      return "";
    }
    return text.isEmpty() && !isRead ? receive() : text;
  }

  private void readable() {
    synchronized (this) {
      isDemanded = false;
      notifyAll();
    }
    news.accept(News.PROGRESS);
  }

  /** Blocks until there is more to read, or room to write; whether the client is still there. */
  synchronized boolean await() throws InterruptedException {
    while (!isGone && !isAnswered && (isDemanded || waitingBytes > ENOUGH)) {
      wait();
    }
    return !isGone;
  }

  /**
   * Sends a part of the answer.
   *
   * @param status of the first part; 0 for those that follow, or for a problem whose code is in the
   *     place of the headers
   * @param headers {@code name\0value\0…}
   * @return whether another one may follow at once
   */
  synchronized boolean send(int status, String headers, byte[] body, boolean last) {
    if (isAnswered || isGone) {
      return true;
    }
    if (isSocket) {
      return sendMessage(status, body, last);
    }
    if (!isBegun) {
      if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
        isBegun = true;
        isSocket = true;
        acceptance.complete(
            new Acceptance(true, headers, new String(body, StandardCharsets.ISO_8859_1)));
        return true;
      }
      if (status == 0) {
        var code = ErrorCode.valueOf(headers.toUpperCase(Locale.ROOT));
        problem(code, detail(code));
        return true;
      }
      if (status < 200 || status > 599) {
        problem(
            ErrorCode.FUNCTION_ANSWER_INVALID,
            "The function answered the status %d; 200–599 can be sent.".formatted(status));
        return true;
      }
      begin(status, headers, body.length, last);
    }
    if (last) {
      answered();
    }
    var content = hasBody() ? ByteBuffer.wrap(body) : BufferUtil.EMPTY_BUFFER;
    parts.add(new Part(content, last));
    waitingBytes += content.remaining();
    write();
    return waitingBytes <= ENOUGH;
  }

  private void answered() {
    isAnswered = true;
    answeredAt = System.nanoTime();
  }

  private boolean hasBody() {
    var status = response.getStatus();
    return !request.getMethod().equals("HEAD") && status != 204 && status != 304;
  }

  private void begin(int status, String headers, int length, boolean isWhole) {
    isBegun = true;
    acceptance.complete(new Acceptance(false, "", ""));
    response.setStatus(status);
    var fields = response.getHeaders();
    var given = headers.split("\0", -1);
    for (int i = 0; i + 1 < given.length; i += 2) {
      var name = given[i].toLowerCase(Locale.ROOT);
      // We know how long a whole answer is; of a stream, and of what HEAD asks for, only the code.
      var isLength = name.equals("content-length");
      if (isLength ? !isWhole || request.getMethod().equals("HEAD") : !isOurs(name)) {
        fields.add(given[i], given[i + 1]);
      }
    }
    if (isEvent) {
      fields.put(HttpHeader.CONTENT_TYPE, "application/json");
      if (status == ErrorCode.INSTANCE_LOST.status()) {
        fields.put(HearthHeaders.FUNCTION_ERROR, "unhandled");
      }
    }
    if (isWhole && hasBody()) {
      fields.put(HttpHeader.CONTENT_LENGTH, length);
    } else if (!isWhole) {
      fields.put(HearthHeaders.STREAMING, "true");
    }
    fields.add("Server-Timing", "run;dur=%.3f".formatted((System.nanoTime() - begunAt) / 1e6));
  }

  private static boolean isOurs(String name) {
    return OWN_HEADERS.contains(name) || name.startsWith(HearthHeaders.PREFIX);
  }

  private void write() {
    if (isWriting || parts.isEmpty()) {
      return;
    }
    isWriting = true;
    var part = parts.remove();
    var bytes = part.content().remaining();
    response.write(
        part.last(), part.content(), Callback.from(() -> written(bytes, part.last()), _ -> gone()));
  }

  private void written(int bytes, boolean last) {
    if (last) {
      callback.succeeded();
      return;
    }
    boolean isRoom;
    synchronized (this) {
      isWriting = false;
      var was = waitingBytes;
      waitingBytes -= bytes;
      write();
      isRoom = was > ENOUGH && waitingBytes <= ENOUGH;
      notifyAll();
    }
    if (isRoom) {
      news.accept(News.PROGRESS);
    }
  }

  /** The client has gone. */
  void gone() {
    synchronized (this) {
      if (isGone) {
        return;
      }
      isGone = true;
      parts.clear();
      notifyAll();
    }
    callback.failed(new IOException("the client has gone"));
    news.accept(News.CANCEL);
  }

  /** From now on, the end of the code is the end of the call for this reason. */
  synchronized void condemn(ErrorCode code, String detail) {
    verdict = code;
    verdictDetail = detail;
  }

  /** The code is given the call now. */
  synchronized void taken() {
    isTaken = true;
  }

  /** Answers a problem in the code's place, or breaks off an answer that has begun. */
  synchronized void problem(ErrorCode code, String detail) {
    if (isAnswered || isGone) {
      return;
    }
    answered();
    notifyAll();
    if (isSocket) {
      socket.close(StatusCode.SERVER_ERROR, code.title());
      return;
    }
    if (isBegun) {
      isGone = true;
      callback.failed(new IOException(detail));
      return;
    }
    isBegun = true;
    acceptance.complete(new Acceptance(false, "", ""));
    var instance =
        String.valueOf(request.getHeaders().get(HearthHeaders.ROOT_PATH))
            + request.getHttpURI().getPath().substring(HostServer.CALL.length());
    var body = JSON.writeValueAsBytes(new Problem(code, detail, instance).members());
    if (!isTaken) {
      response.getHeaders().put(HearthHeaders.NOT_BEGUN, "true");
    }
    response.setStatus(code.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.getHeaders().put(HearthHeaders.ERROR, code.code());
    response.write(true, hasBody() ? ByteBuffer.wrap(body) : BufferUtil.EMPTY_BUFFER, callback);
  }

  /** The answer, if none has begun, says that the instance ends, and perhaps its host. */
  synchronized void ending(String header) {
    if (!isBegun) {
      response.getHeaders().put(header, "true");
    }
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

  /** No code runs for the call any more; without an answer there is a problem. */
  void end() {
    synchronized (this) {
      problem(verdict, verdictDetail);
    }
    ended.complete(null);
  }

  /** Calls back when no code runs for it any more. */
  void onEnd(Runnable action) {
    ended.thenRun(action);
  }

  /** Done when the answer has left, or cannot leave. */
  CompletableFuture<Void> sent() {
    return sent;
  }

  /** Whether no code runs for it any more, at the latest when the time is up. */
  boolean endsWithin(long milliseconds) throws InterruptedException {
    try {
      ended.get(milliseconds, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether there is nobody to answer any more. */
  synchronized boolean isOver() {
    return isAnswered || isGone;
  }

  /** Nanoseconds since anything happened that the call's limit counts from again. */
  synchronized @Nullable Long quietFor() {
    return isSocket ? Long.valueOf(socket.quietFor()) : answeredFor();
  }

  /** Nanoseconds since it was answered, or nothing when it was not. */
  private @Nullable Long answeredFor() {
    return isAnswered ? System.nanoTime() - answeredAt : null;
  }
}
