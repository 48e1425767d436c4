package dev.hearth.host.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One call between the HTTP server and the Python code that answers it. Its body arrives and its
 * answer leaves in parts, or it becomes a WebSocket. Thread-safe; the monitor guards all fields
 * that change.
 */
public final class Exchange {

  /** Events of a call that its code may wait for. */
  public enum News {
    /** More of the body can be read, or there is room to write. */
    PROGRESS,
    /** The client has left before an answer has begun. */
    LEFT,
    /** The client of a WebSocket has answered a ping. */
    PONG,
    /** The call was ended, or nobody waits for its stream any more. */
    CANCEL
  }

  /** Receives what happens to a call. */
  public interface Listener {
    void tell(News news);

    /** Writes a line to the function's log. */
    void log(String line);
  }

  /** The decision of the code about a request for a WebSocket, if it accepts. */
  public record Acceptance(Optional<String> protocol, HttpFields headers) {}

  private static final Listener NOBODY =
      new Listener() {
        @Override
        public void tell(News news) {}

        @Override
        public void log(String line) {}
      };

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
  private final CompletableFuture<Optional<Acceptance>> acceptance = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> sent = new CompletableFuture<>();
  private volatile Listener listener = NOBODY;
  private CallState state = CallState.RECEIVED;
  private boolean isSocket;
  private AnswerLength length = new AnswerLength(AnswerHead.UNKNOWN);
  private long answeredAt;
  private @Nullable Verdict verdict;

  /** The reason that a call is answered with when its code ends, whatever the code reports. */
  private record Verdict(ErrorCode code, String detail) {}

  public Exchange(long id, Request request, Response response, Callback callback) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.callback = Callback.from(callback, () -> sent.complete(null));
    this.body = new RequestBody(request, this::progress);
    this.answer =
        new ResponseBody(
            response, this::progress, () -> body.discard(this.callback::succeeded), this::gone);
    this.socket = new HostSocket(new SocketListener());
  }

  private final class SocketListener implements HostSocket.Listener {
    @Override
    public void progress() {
      Exchange.this.progress();
    }

    @Override
    public void gone() {
      listener.tell(News.CANCEL);
    }

    @Override
    public void ponged() {
      listener.tell(News.PONG);
    }

    @Override
    public void log(String line) {
      listener.log(line);
    }
  }

  public long id() {
    return id;
  }

  /** Sets the listener; must be called before the call begins. */
  public void listen(Listener to) {
    listener = to;
  }

  private void progress() {
    synchronized (this) {
      notifyAll();
    }
    listener.tell(News.PROGRESS);
  }

  /** Moves on, unless the call is further already; returns true if this changed the state. */
  private boolean become(CallState next) {
    var isLegal = state.mayBecome(next);
    state = isLegal ? next : state;
    return isLegal;
  }

  /** Records that the code has the call now, so that it must not be made again elsewhere. */
  public synchronized void taken() {
    become(CallState.RUNNING);
  }

  /**
   * Returns the next part of the body as Latin-1: empty at its end, null if none has arrived yet;
   * then an event follows. For a WebSocket, returns its next message.
   *
   * @throws IOException if the body broke off
   */
  @Nullable String receive() throws IOException {
    synchronized (this) {
      if (isSocket) {
        return socket.receive();
      }
      if (state.isOver()) {
        throw new IOException("nobody waits for the answer");
      }
    }
    try {
      return body.next();
    } catch (RequestBody.TooLargeException tooLarge) {
      problem(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "A request body may have %d MiB.".formatted(RequestBody.LARGEST >> 20));
      listener.tell(News.CANCEL);
      throw tooLarge;
    } catch (IOException broken) {
      left();
      throw broken;
    }
  }

  /**
   * Blocks until more can be read or there is room to write. Returns false if the client has left
   * or the call was ended.
   */
  synchronized boolean await() throws InterruptedException {
    while (!state.isOver() && verdict == null && (body.isAwaited() || answer.isFull())) {
      wait();
    }
    return state != CallState.GONE && verdict == null;
  }

  /**
   * Sends a part of the answer, or a message of a WebSocket.
   *
   * @param status the status in the first part of an answer (101 accepts a WebSocket); 0 in later
   *     parts, and for a problem whose code stands in {@code headers}; the opcode of a message, or
   *     the code that closes the WebSocket, whose reason is the content
   * @param headers {@code name\0value\0…}
   * @return true if the next part may follow at once
   */
  synchronized boolean send(int status, String headers, byte[] content, boolean last) {
    if (state.isOver()) {
      if (content.length > 0 && length.isReached()) {
        cut();
      }
      return true;
    }
    if (status == 0 && !headers.isEmpty()) {
      var code = ErrorCode.valueOf(headers.toUpperCase(Locale.ROOT));
      conclude(code, AnswerHead.detail(code));
      return true;
    }
    if (isSocket) {
      return sendMessage(status, content, last);
    }
    if (state.isUnanswered() && !begin(status, headers, content, last)) {
      // Messages may follow only after the connection has become a WebSocket.
      return !isSocket || socket.isOpen();
    }
    sendPart(content, last);
    return !answer.isFull();
  }

  /** Sends a part of the body, as far as the answer has one and its length allows. */
  private void sendPart(byte[] content, boolean last) {
    if (!AnswerHead.hasBody(request, response.getStatus())) {
      answered();
      if (!response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
        // A head that is sent with the end of its body would name the length 0.
        answer.add(BufferUtil.EMPTY_BUFFER, false);
      }
      answer.add(BufferUtil.EMPTY_BUFFER, true);
      return;
    }
    var part = length.take(content);
    if (part.remaining() < content.length) {
      cut();
    }
    // What follows the declared length would be taken for the next answer on the connection.
    var isWhole = length.isDeclared() ? length.isReached() : last;
    if (isWhole || last) {
      answered();
    }
    answer.add(part, isWhole);
    if (last && !isWhole) {
      listener.log("%s The answer was broken off.".formatted(length.shortage()));
      answer.breakOff();
    }
  }

  private void cut() {
    if (AnswerHead.hasBody(request, response.getStatus())) {
      length.excess().ifPresent(excess -> listener.log(excess + " The rest was not sent."));
    }
  }

  private boolean sendMessage(int status, byte[] content, boolean last) {
    if (last) {
      answered();
      socket.close(status, new String(content, StandardCharsets.UTF_8));
      return true;
    }
    return socket.send(status == TEXT, content);
  }

  /** Begins the answer; returns false if the part cannot be sent or accepts a WebSocket instead. */
  private boolean begin(int status, String headers, byte[] content, boolean isWhole) {
    try {
      var fields = AnswerHead.read(headers);
      if (status == HttpStatus.SWITCHING_PROTOCOLS_101 && Call.isWebSocket(request)) {
        become(CallState.ANSWERING);
        isSocket = true;
        var protocol = new String(content, StandardCharsets.ISO_8859_1);
        acceptance.complete(
            Optional.of(
                new Acceptance(
                    Optional.of(protocol).filter(name -> !name.isEmpty()),
                    AnswerHead.accepted(fields))));
        return false;
      }
      if (status < 200 || status > 599) {
        throw new InvalidAnswerException("its status is %d; 200–599 can be sent".formatted(status));
      }
      var declared = AnswerHead.length(fields);
      length = new AnswerLength(isWhole ? AnswerHead.UNKNOWN : declared);
      become(CallState.ANSWERING);
      acceptance.complete(Optional.empty());
      AnswerHead.write(
          request, response, status, fields, isWhole ? content.length : AnswerHead.UNKNOWN);
    } catch (InvalidAnswerException invalid) {
      listener.log("The function's answer cannot be sent: %s.".formatted(invalid.reason()));
      conclude(
          ErrorCode.FUNCTION_ANSWER_INVALID,
          "The function's answer cannot be sent: %s.".formatted(invalid.reason()));
      return false;
    }
    response
        .getHeaders()
        .add(
            "Server-Timing",
            "run;dur=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunAt) / 1e3);
    return true;
  }

  private void answered() {
    become(CallState.ANSWERED);
    answeredAt = System.nanoTime();
  }

  /**
   * Completes when the code has decided about a request for a WebSocket: with nothing if it
   * refused.
   */
  public CompletableFuture<Optional<Acceptance>> acceptance() {
    return acceptance;
  }

  public HostSocket socket() {
    return socket;
  }

  /** Returns true if the code has got the call. */
  synchronized boolean isBegun() {
    return state != CallState.RECEIVED;
  }

  /** Tells the code to end. */
  void cancel() {
    listener.tell(News.CANCEL);
  }

  /** Records that the client has left; the listener decides about code that has not answered. */
  public void left() {
    boolean isUnanswered;
    synchronized (this) {
      isUnanswered = state.isUnanswered();
    }
    if (isUnanswered) {
      listener.tell(News.LEFT);
    } else {
      gone();
    }
  }

  /** Ends a call that nobody waits for: nothing more is sent, and unfinished code is cancelled. */
  public void gone() {
    boolean isUnfinished;
    synchronized (this) {
      isUnfinished = state != CallState.ANSWERED;
      if (!become(CallState.GONE)) {
        return;
      }
      answer.clear();
      notifyAll();
    }
    acceptance.complete(Optional.empty());
    callback.failed(new IOException("the client has gone"));
    if (isUnfinished) {
      listener.tell(News.CANCEL);
    }
  }

  /** Sets the verdict: when the code ends, the call is answered with this problem. */
  public synchronized void condemn(ErrorCode code, String detail) {
    verdict = new Verdict(code, detail);
    notifyAll();
  }

  /** Answers a problem in place of the code, or breaks off an answer that has begun. */
  public synchronized void problem(ErrorCode code, String detail) {
    if (state.isOver()) {
      return;
    }
    var before = state;
    answered();
    notifyAll();
    if (isSocket) {
      socket.close(StatusCode.SERVER_ERROR, code.title());
    } else if (before == CallState.ANSWERING) {
      become(CallState.GONE);
      callback.failed(new IOException(detail));
    } else {
      acceptance.complete(Optional.empty());
      if (before == CallState.RECEIVED) {
        response.getHeaders().put(HostProtocol.NOT_BEGUN, "true");
      }
      var content = AnswerHead.problem(request, response, code, detail);
      var isSent = AnswerHead.hasBody(request, response.getStatus());
      response.write(
          true,
          isSent ? ByteBuffer.wrap(content) : BufferUtil.EMPTY_BUFFER,
          Callback.from(() -> body.discard(callback::succeeded), callback::failed));
    }
  }

  /** Adds the header that says what ends with this call, unless the answer has begun. */
  public synchronized void ending(String header) {
    if (state.isUnanswered()) {
      response.getHeaders().put(header, "true");
    }
  }

  /**
   * Records that no code runs for the call any more; answers a problem if there is no answer yet.
   */
  public void end() {
    conclude(ErrorCode.INSTANCE_LOST, "The call was ended before it was answered.");
    ended.complete(null);
  }

  /**
   * A verdict that is already set (time-out, host ending) wins over what the code reports later.
   */
  private synchronized void conclude(ErrorCode code, String detail) {
    var known = verdict == null ? new Verdict(code, detail) : verdict;
    problem(known.code(), known.detail());
  }

  /** Completes when no code runs for the call any more. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Completes when the answer has been sent, or cannot be sent. */
  public CompletableFuture<Void> sent() {
    return sent;
  }

  /** Returns true if the call was answered or its client has left. */
  public synchronized boolean isOver() {
    return state.isOver();
  }

  /**
   * Returns the nanoseconds since the limit began to count anew: since the answer, or since the
   * last message of a WebSocket. Returns null if it counts from the start of the call.
   */
  public synchronized @Nullable Long quietFor() {
    if (isSocket) {
      return socket.quietFor();
    }
    return answeredAt == 0 ? null : System.nanoTime() - answeredAt;
  }
}
