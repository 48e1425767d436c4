package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestCalls.LIMIT;
import static dev.hearth.kit.dispatch.TestCalls.LONG;
import static dev.hearth.kit.dispatch.TestCalls.SHORT;
import static dev.hearth.kit.dispatch.TestRoutes.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose client or node breaks off. */
class BrokenCallsTest {

  private final TestCalls calls = new TestCalls();

  @AfterEach
  void stop() throws Exception {
    calls.close();
  }

  @Test
  void answersInstanceLostWhenTheNodeEndsBeforeItAnswers() throws Exception {
    calls.routes.publish(
        LIMIT,
        at(
            calls
                .node((request, _, _) -> {
                  request.getConnectionMetaData().getConnection().getEndPoint().close();
                  return true;
                })
                .port()));

    var answer = calls.get(calls.gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"code\":\"instance_lost\"");
  }

  @Test
  void breaksTheAnswerOffWhenTheNodeEndsInTheMiddleOfIt() throws Exception {
    calls.routes.publish(
        LIMIT,
        at(
            calls
                .node((request, response, _) -> {
                  response.write(
                      false,
                      ByteBuffer.wrap(new byte[100]),
                      Callback.from(() ->
                          request.getConnectionMetaData().getConnection().getEndPoint().close()));
                  return true;
                })
                .port()));
    var gateway = calls.gateway(SHORT);

    assertThatThrownBy(() -> calls.get(gateway)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nab\r\n0\r\n\r\n",
        "2\r\nab\r\nnonsense\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "2\nab\n0\n\n",
        "ffffffffffffffffff\r\nab\r\n",
        "-2\r\nab\r\n",
      })
  void answersThatTheChunksAreBroken(String chunks) throws Exception {
    for (var way : List.of("near", "far")) {
      calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::echo).port()));
      var gateway = calls.gateway(LONG);

      var answer =
          TestCalls.raw(
              gateway,
              "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
              false);

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"request_invalid\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
      })
  void neverBlamesTheFunctionForABodyThatEndsEarly(String request) throws Exception {
    for (var way : List.of("near", "far")) {
      calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::echo).port()));

      var answer = TestCalls.raw(calls.gateway(LONG), request, true);

      assertThat(answer)
          .satisfiesAnyOf(
              text -> assertThat(text).isEmpty(),
              text -> assertThat(text).startsWith("HTTP/1.1 400 "));
    }
  }

  @Test
  void endsTheCallAtTheNodeWhenTheClientLeaves() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    var begun = new CountDownLatch(1);
    calls.routes.publish(
        LIMIT,
        at(
            calls
                .node((request, _, callback) -> {
                  request.addFailureListener(ended::complete);
                  request.demand(() -> {
                    var chunk = request.read();
                    if (Content.Chunk.isFailure(chunk)) {
                      ended.complete(chunk.getFailure());
                      callback.failed(chunk.getFailure());
                    }
                  });
                  begun.countDown();
                  return true;
                })
                .port()));
    var gateway = calls.gateway(LONG);

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
      // The body never ends, so that the node sees the end of the connection.
      socket
          .getOutputStream()
          .write(
              "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      begun.await();
    }

    await().until(ended::isDone);
  }

  @Test
  void servesOthersAfterClientsLeftWhileTheirAnswersBegan() throws Exception {
    calls.routes.publish(LIMIT, at(calls.node(TestCalls::echo).port()));
    var gateway = calls.gateway(LONG);

    for (int i = 0; i < 50; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
        socket.setSoLinger(true, 0);
        socket
            .getOutputStream()
            .write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        if (i % 2 == 0) {
          socket.getInputStream().read();
        }
      }
    }

    assertThat(calls.get(gateway).body()).isEqualTo("/call/x ");
  }
}
