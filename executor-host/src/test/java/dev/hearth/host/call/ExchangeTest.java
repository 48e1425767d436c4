package dev.hearth.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.host.call.Exchange.News;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangeTest {

  private static final String HEADERS = "x-name\0value\0";
  private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

  private LocalCalls calls;

  @BeforeEach
  void start() throws Exception {
    calls = new LocalCalls();
  }

  @AfterEach
  void stop() throws Exception {
    calls.close();
  }

  /** Keeps what a call tells. */
  private static final class Told implements Exchange.Listener {
    private final List<News> news = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void tell(News one) {
      news.add(one);
    }

    @Override
    public void log(String line) {
      lines.add(line);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, 200, '', '', ''",
    "HEAD, 200, '', body, Content-Length: 4",
    "HEAD, 200, 9, '', Content-Length: 9",
    "GET, 304, '', '', ''",
    "GET, 304, 9, '', Content-Length: 9",
    "GET, 204, '', '', ''",
    "GET, 204, 9, '', ''",
    "GET, 200, '', '', Content-Length: 0",
  })
  void namesNoLengthThatTheFunctionDidNot(
      String method, int status, String declared, String body, String expected) throws Exception {
    var call = calls.send(method, "");
    var headers = declared.isEmpty() ? "" : "content-length\0" + declared + "\0";

    call.exchange().send(status, headers, body.getBytes(StandardCharsets.UTF_8), true);

    var head = status == 200 && method.equals("GET") ? call.answer() : call.head();
    assertThat(
            head.lines()
                .filter(line -> line.startsWith("Content-Length"))
                .collect(Collectors.joining()))
        .isEqualTo(expected);
  }

  @Test
  void breaksOffAnAnswerThatIsShorterThanItsLength() throws Exception {
    var told = new Told();
    var call = calls.get();
    call.exchange().listen(told);

    call.exchange().send(200, "content-length\0" + 10 + "\0", BODY, false);
    call.exchange().send(0, "", new byte[0], true);

    await().until(() -> !call.client().isOpen());
    assertThat(told.lines)
        .containsExactly(
            "The answer's content-length is 10, but its body has 4 bytes. The answer was broken off.");
  }

  @Test
  void cutsAnAnswerThatIsLongerThanItsLength() throws Exception {
    var told = new Told();
    var call = calls.get();
    call.exchange().listen(told);

    call.exchange().send(200, "content-length\0" + 3 + "\0", BODY, false);
    call.exchange().send(0, "", BODY, false);
    call.exchange().send(0, "", BODY, true);

    assertThat(call.answer()).contains("Content-Length: 3").endsWith("bod");
    assertThat(told.lines)
        .containsExactly(
            "The answer's content-length is 3, but its body is longer. The rest was not sent.");
  }

  @ParameterizedTest
  @CsvSource({
    "x n, v, the header name \"x n\" has the character U+0020",
    "x:a, v, the header name \"x:a\" has the character U+003A",
    "'', v, a header has no name",
    "x, a\u007fb, the value of the header \"x\" has the character U+007F",
    "x, a\u0001b, the value of the header \"x\" has the character U+0001",
    "x, \u5831, 'the value of the header \"x\" has the character U+5831, which is not Latin-1'",
    "content-length, 1x, its content-length is 1x",
    "content-length, -1, its content-length is -1",
  })
  void saysWhichHeaderCannotBeSent(String name, String value, String reason) throws Exception {
    var told = new Told();
    var call = calls.get();
    call.exchange().listen(told);

    call.exchange().send(200, name + "\0" + value + "\0", BODY, true);

    assertThat(call.answer()).startsWith("HTTP/1.1 502").contains("function_answer_invalid");
    assertThat(told.lines).singleElement().asString().contains(reason);
  }

  @Test
  void keepsTheFunctionsOwnServerAndDate() throws Exception {
    var call = calls.get();

    call.exchange().send(200, "server\0mine\0date\0then\0x\0a\tb\u00e9\0", BODY, true);

    assertThat(call.answer()).contains("Server: mine", "Date: then", "x: a\tb");
  }

  @Test
  void readsTheRestOfABodyThatIsAnsweredEarly() throws Exception {
    var call = calls.send("POST", "Content-Length: 10\r\n\r\nhalf");
    call.send(BODY);
    assertThat(call.answer()).endsWith("body");
    assertThat(call.exchange().sent()).isNotDone();

    call.client().addInput("second");

    call.exchange().sent().get(10, TimeUnit.SECONDS);
    assertThat(call.client().isOpen()).isTrue();
  }

  @Test
  void readsTheRestOfABodyThatIsAnsweredByAProblem() throws Exception {
    var call = calls.send("POST", "Content-Length: 10\r\n\r\nhalf");
    call.exchange().taken();
    call.exchange().condemn(ErrorCode.FUNCTION_TIMED_OUT, "too late");
    call.exchange().end();
    assertThat(call.answer()).startsWith("HTTP/1.1 504");
    assertThat(call.exchange().sent()).isNotDone();

    call.client().addInput("second");

    call.exchange().sent().get(10, TimeUnit.SECONDS);
    assertThat(call.client().isOpen()).isTrue();
  }

  @Test
  void lettingCodeFinishIsUpToTheListener() throws Exception {
    var told = new Told();
    var unanswered = calls.get();
    unanswered.exchange().listen(told);
    var streaming = calls.get();
    streaming.exchange().listen(told);
    streaming.exchange().send(200, "", BODY, false);

    unanswered.exchange().left();
    assertThat(told.news).containsExactly(News.LEFT);
    streaming.exchange().left();

    assertThat(told.news).containsExactly(News.LEFT, News.CANCEL);
    assertThat(unanswered.exchange().isOver()).isFalse();
  }

  @Test
  void sendsAWholeAnswerWithItsLength() throws Exception {
    var call = calls.get();
    call.exchange().taken();

    assertThat(call.exchange().send(201, HEADERS, BODY, true)).isTrue();
    call.exchange().end();

    assertThat(call.answer())
        .startsWith("HTTP/1.1 201")
        .contains("x-name: value", "Content-Length: 4", "Server-Timing: run;dur=")
        .doesNotContain(HostProtocol.STREAMING)
        .endsWith("body");
    assertThat(call.exchange().sent()).isCompleted();
    assertThat(call.exchange().isOver()).isTrue();
  }

  @Test
  void marksAnAnswerInParts() throws Exception {
    var call = calls.get();

    call.exchange().send(200, HEADERS, BODY, false);
    call.exchange().send(0, "", BODY, true);

    assertThat(call.answer())
        .contains(HostProtocol.STREAMING, "\r\n4\r\nbody\r\n4\r\nbody\r\n0\r\n");
  }

  @Test
  void aVerdictWinsOverWhatTheCodeReportsLater() throws Exception {
    var call = calls.get();
    call.exchange().taken();

    call.exchange().condemn(ErrorCode.FUNCTION_TIMED_OUT, "too late");
    call.exchange().send(0, ErrorCode.FUNCTION_RAISED.code(), new byte[0], true);

    assertThat(call.answer())
        .contains(ErrorCode.FUNCTION_TIMED_OUT.code(), "too late")
        .doesNotContain(ErrorCode.FUNCTION_RAISED.code());
  }

  @Test
  void anAnswerThatIsThereWinsOverALaterVerdict() throws Exception {
    var call = calls.get();

    call.exchange().send(200, "", BODY, true);
    call.exchange().condemn(ErrorCode.FUNCTION_TIMED_OUT, "too late");
    call.exchange().end();

    assertThat(call.answer()).startsWith("HTTP/1.1 200").endsWith("body");
  }

  @Test
  void saysThatNoCodeHasSeenACall() throws Exception {
    var waiting = calls.get();
    var taken = calls.get();
    taken.exchange().taken();

    waiting.exchange().end();
    taken.exchange().end();

    assertThat(waiting.answer()).contains(HostProtocol.NOT_BEGUN, ErrorCode.INSTANCE_LOST.code());
    assertThat(taken.answer())
        .contains(ErrorCode.INSTANCE_LOST.code())
        .doesNotContain(HostProtocol.NOT_BEGUN);
  }

  @Test
  void saysWhatEndsWithACallUnlessItsAnswerHasBegun() throws Exception {
    var waiting = calls.get();
    var begun = calls.get();
    begun.exchange().send(200, "", BODY, false);

    waiting.exchange().ending(HostProtocol.HOST_ENDING);
    begun.exchange().ending(HostProtocol.HOST_ENDING);
    waiting.exchange().end();
    begun.exchange().send(0, "", new byte[0], true);

    assertThat(waiting.answer()).contains(HostProtocol.HOST_ENDING);
    assertThat(begun.answer()).doesNotContain(HostProtocol.HOST_ENDING);
  }

  @Test
  void refusesStatusesThatCannotBeSent() throws Exception {
    for (var status : List.of(99, 101, 199, 600)) {
      var call = calls.get();

      call.exchange().send(status, "", BODY, true);

      assertThat(call.answer()).contains(ErrorCode.FUNCTION_ANSWER_INVALID.code());
    }
  }

  @Test
  void breaksOffAnAnswerThatCannotGoOn() throws Exception {
    var call = calls.get();
    call.exchange().send(200, "", BODY, false);

    call.exchange().condemn(ErrorCode.FUNCTION_TIMED_OUT, "too late");
    call.exchange().end();

    await().until(() -> !call.client().isOpen());
    assertThat(call.exchange().isOver()).isTrue();
  }

  @Test
  void tellsTheCodeThatTheClientHasGone() throws Exception {
    var told = new Told();
    var call = calls.send("POST", "Content-Length: 10\r\n\r\nhalf");
    call.exchange().listen(told);
    assertThat(call.exchange().receive()).isEqualTo("half");
    assertThat(call.exchange().receive()).isNull();
    var waiting = CompletableFuture.supplyAsync(() -> isThere(call.exchange()));

    call.exchange().gone();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(told.news).contains(News.CANCEL);
    assertThatExceptionOfType(IOException.class).isThrownBy(call.exchange()::receive);
    assertThat(call.exchange().send(200, "", BODY, true)).isTrue();
  }

  private static boolean isThere(Exchange exchange) {
    try {
      return exchange.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void givesTheBodyInPartsAndThenItsEnd() throws Exception {
    var call = calls.send("POST", "Content-Length: 4\r\n\r\nbody");

    assertThat(call.exchange().receive()).isEqualTo("body");
    assertThat(call.exchange().receive()).isEmpty();
  }

  @Test
  void countsTheTimeSinceTheAnswer() throws Exception {
    var call = calls.get();
    assertThat(call.exchange().quietFor()).isNull();

    call.exchange().send(200, "", BODY, true);

    assertThat(call.exchange().quietFor()).isNotNegative();
  }

  @Test
  void aClientThatLeavesAsTheAnswerBeginsHarmsNothing() throws Exception {
    for (int i = 0; i < 100; i++) {
      var exchange = calls.get().exchange();
      var barrier = new CyclicBarrier(3);

      var work =
          List.of(
              together(barrier, () -> exchange.send(200, HEADERS, BODY, true)),
              together(barrier, exchange::gone),
              together(barrier, exchange::end));
      for (var each : work) {
        each.get(10, TimeUnit.SECONDS);
      }

      assertThat(exchange.isOver()).isTrue();
      assertThat(exchange.ended()).isCompleted();
      exchange.sent().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aCallThatEndsAsItIsCondemnedHasOneAnswer() throws Exception {
    for (int i = 0; i < 100; i++) {
      var call = calls.get();
      var exchange = call.exchange();
      exchange.taken();
      var barrier = new CyclicBarrier(2);

      var code =
          together(
              barrier,
              () -> {
                exchange.send(200, HEADERS, BODY, true);
                exchange.end();
              });
      var watchdog =
          together(
              barrier,
              () -> {
                exchange.condemn(ErrorCode.FUNCTION_TIMED_OUT, "too late");
                exchange.end();
              });
      code.get(10, TimeUnit.SECONDS);
      watchdog.get(10, TimeUnit.SECONDS);

      var answer = call.answer();
      assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
      assertThat(answer).containsAnyOf("body", ErrorCode.FUNCTION_TIMED_OUT.code());
    }
  }

  private static CompletableFuture<Void> together(CyclicBarrier barrier, Runnable work) {
    var done = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            barrier.await();
            work.run();
            done.complete(null);
          } catch (Exception failed) {
            done.completeExceptionally(failed);
          }
        });
    return done;
  }
}
