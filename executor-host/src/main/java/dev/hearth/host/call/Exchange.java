package dev.hearth.host.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One call between the server and the code that answers it: its body comes and its answer leaves in
 * parts, or it becomes a WebSocket. Thread-safe; the monitor guards everything that changes.
 */
public final class Exchange {

  /** What happens that code may wait for. */
  public enum News {
    /** There may be more to read, or room to write. */
    PROGRESS,
    /** Nobody wants the answer any more. */
    CANCEL
  }

  /** The opcode of a text (RFC 6455, 5.2). */
  private static final int TEXT = 1;

  private final long id;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final RequestBody body;
  private final ResponseBody answer;
  private final HostSocket socket;
  private final long begunAt = System.nanoTime();
  private final CompletableFuture<Optional<String>> acceptance = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> sent = new CompletableFuture<>();
  private Consumer<News> news = _ -> {};
  private boolean isTaken;
  private boolean isBegun;
  private boolean isSocket;
  private boolean isAnswered;
  private boolean isGone;
  private long answeredAt;
  private @Nullable Verdict verdict;

  /** Why the end of the code is the end of the call. */
  private record Verdict(ErrorCode code, String detail) {}

  public Exchange(long id, Request request, Response response, Callback callback) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.callback = Callback.from(callback, () -> sent.complete(null));
    this.body = new RequestBody(request, this::progress);
    this.answer = new ResponseBody(response, this::progress, this.callback::succeeded, this::gone);
    this.socket = new HostSocket(this::progress, () -> news.accept(News.CANCEL));
  }

  public long id() {
    return id;
  }

  /** Who is told what happens; before the call begins. */
  public void tell(Consumer<News> listener) {
    news = listener;
  }

  private void progress() {
    synchronized (this) {
      notifyAll();
    }
    news.accept(News.PROGRESS);
  }

  /** The code is given the call now. */
  public synchronized void taken() {
    isTaken = true;
  }

  /**
   * The next part of the body as Latin-1, empty at its end, null while there is no more; then there
   * will be news. Of a WebSocket, its next message.
   *
   * @throws IOException when no more will come though that was not the end
   */
  @Nullable String receive() throws IOException {
    synchronized (this) {
      if (isSocket) {
        return socket.receive();
      }
      if (isGone || isAnswered) {
        throw new IOException("nobody waits for the answer");
      }
    }
    try {
      return body.next();
    } catch (RequestBody.TooLargeException tooLarge) {
      problem(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "A request body may have %d MiB.".formatted(RequestBody.LARGEST >> 20));
      news.accept(News.CANCEL);
      throw tooLarge;
    } catch (IOException left) {
      gone();
      throw left;
    }
  }

  /** Blocks until there is more to read, or room to write; whether the client is still there. */
  synchronized boolean await() throws InterruptedException {
    while (!isGone && !isAnswered && verdict == null && (body.isAwaited() || answer.isFull())) {
      wait();
    }
    return !isGone && verdict == null;
  }

  /**
   * Sends a part of the answer, or a message.
   *
   * @param status of the first part, 101 for a WebSocket; 0 for those that follow, or for a problem
   *     whose code is in the place of the headers; a message's opcode; the code that closes
   * @param headers {@code name\0value\0…}
   * @return whether another one may follow at once
   */
  synchronized boolean send(int status, String headers, byte[] content, boolean last) {
    if (isAnswered || isGone) {
      return true;
    }
    if (isSocket) {
      return sendMessage(status, content, last);
    }
    if (!isBegun && !begin(status, headers, content, last)) {
      // Messages follow when the connection has become a WebSocket.
      return !isSocket || socket.isOpen();
    }
    if (last) {
      answered();
    }
    var isSent = AnswerHead.hasBody(request, response);
    answer.add(isSent ? ByteBuffer.wrap(content) : BufferUtil.EMPTY_BUFFER, last);
    return !answer.isFull();
  }

  private boolean sendMessage(int status, byte[] content, boolean last) {
    if (last) {
      answered();
      socket.close(status, "");
      return true;
    }
    return socket.send(status == TEXT, content);
  }

  /** Whether it is an answer that the part belongs to. */
  private boolean begin(int status, String headers, byte[] content, boolean isWhole) {
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101 && Call.isWebSocket(request)) {
      isBegun = true;
      isSocket = true;
      acceptance.complete(Optional.of(new String(content, StandardCharsets.ISO_8859_1)));
      return false;
    }
    if (status == 0) {
      var code = ErrorCode.valueOf(headers.toUpperCase(Locale.ROOT));
      conclude(code, AnswerHead.detail(code));
      return false;
    }
    if (status < 200 || status > 599) {
      problem(
          ErrorCode.FUNCTION_ANSWER_INVALID,
          "The function answered the status %d; 200–599 can be sent.".formatted(status));
      return false;
    }
    isBegun = true;
    acceptance.complete(Optional.empty());
    AnswerHead.write(request, response, status, headers, isWhole ? content.length : -1);
    response
        .getHeaders()
        .add("Server-Timing", "run;dur=" + (System.nanoTime() - begunAt) / 1000 / 1e3);
    return true;
  }

  private void answered() {
    isAnswered = true;
    answeredAt = System.nanoTime();
  }

  /**
   * What becomes of a request for a WebSocket, when the code has decided: the protocol it chose, an
   * empty one for none, or nothing when it has answered something else.
   */
  public CompletableFuture<Optional<String>> acceptance() {
    return acceptance;
  }

  public HostSocket socket() {
    return socket;
  }

  /** The client has gone. */
  public void gone() {
    synchronized (this) {
      if (isGone) {
        return;
      }
      isGone = true;
      answer.clear();
      notifyAll();
    }
    acceptance.complete(Optional.empty());
    callback.failed(new IOException("the client has gone"));
    news.accept(News.CANCEL);
  }

  /** From now on, the end of the code is the end of the call for this reason. */
  public synchronized void condemn(ErrorCode code, String detail) {
    verdict = new Verdict(code, detail);
    notifyAll();
  }

  /** Answers a problem in the code's place, or breaks off an answer that has begun. */
  public synchronized void problem(ErrorCode code, String detail) {
    if (isAnswered || isGone) {
      return;
    }
    answered();
    notifyAll();
    if (isSocket) {
      socket.close(StatusCode.SERVER_ERROR, code.title());
    } else if (isBegun) {
      isGone = true;
      callback.failed(new IOException(detail));
    } else {
      isBegun = true;
      acceptance.complete(Optional.empty());
      if (!isTaken) {
        response.getHeaders().put(HostProtocol.NOT_BEGUN, "true");
      }
      var content = AnswerHead.problem(request, response, code, detail);
      var isSent = AnswerHead.hasBody(request, response);
      response.write(true, isSent ? ByteBuffer.wrap(content) : BufferUtil.EMPTY_BUFFER, callback);
    }
  }

  /** The answer, if none has begun, says that the instance ends, or its host. */
  public synchronized void ending(String header) {
    if (!isBegun) {
      response.getHeaders().put(header, "true");
    }
  }

  /** No code runs for the call any more; without an answer there is a problem. */
  public void end() {
    conclude(ErrorCode.INSTANCE_LOST, "The call was ended before it was answered.");
    ended.complete(null);
  }

  /** What is said of a call whose code was told to end does not depend on what that made of it. */
  private synchronized void conclude(ErrorCode code, String detail) {
    var known = verdict == null ? new Verdict(code, detail) : verdict;
    problem(known.code(), known.detail());
  }

  /** Done when no code runs for it any more. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Done when the answer has left, or cannot leave. */
  public CompletableFuture<Void> sent() {
    return sent;
  }

  /** Whether there is nobody to answer any more. */
  public synchronized boolean isOver() {
    return isAnswered || isGone;
  }

  /**
   * Nanoseconds since the call's limit counts again: since it was answered, and of a WebSocket
   * since its last message. Null when it counts from the beginning.
   */
  public synchronized @Nullable Long quietFor() {
    if (isSocket) {
      return socket.quietFor();
    }
    return isAnswered ? System.nanoTime() - answeredAt : null;
  }
}
