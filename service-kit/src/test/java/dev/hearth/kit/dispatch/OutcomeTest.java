package dev.hearth.kit.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.Outcome.Answered;
import dev.hearth.kit.dispatch.Outcome.Lost;
import dev.hearth.kit.dispatch.Outcome.NoCapacity;
import dev.hearth.kit.dispatch.Outcome.Raised;
import dev.hearth.kit.dispatch.Outcome.Rejected;
import dev.hearth.kit.dispatch.Outcome.TimedOut;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {

  private static HttpFields error(String code) {
    return HttpFields.build().put(HearthHeaders.ERROR, code).asImmutable();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void followsTheKindOfTheNodesError(ErrorCode code) {
    var outcome = Outcome.of(code.status(), error(code.code()), "why");

    var expected =
        switch (code) {
          case NO_INSTANCE -> new NoCapacity(false, "why");
          case FUNCTION_TIMED_OUT -> new TimedOut("why");
          case START_FAILED, FUNCTION_RAISED, TEMPORARY_FULL, FUNCTION_ANSWER_INVALID ->
              new Raised(code, "why");
          case INSTANCE_LOST, BUILD_FAILED, INTERNAL -> new Lost("why");
          default -> new Rejected(code, "why");
        };
    assertThat(outcome).isEqualTo(expected);
  }

  @Test
  void treatsEveryStatusOfTheFunctionAsAnAnswer() {
    assertThat(Outcome.of(503, HttpFields.EMPTY, ""))
        .isEqualTo(new Answered(503, HttpFields.EMPTY));
  }

  @Test
  void treatsAnUnknownErrorCodeAsALoss() {
    assertThat(Outcome.of(500, error("unheard_of"), "why")).isEqualTo(new Lost("why"));
  }

  @Test
  void recognizesAnExceptionOfTheHandler() {
    var headers = HttpFields.build().put(HearthHeaders.FUNCTION_ERROR, "unhandled");

    assertThat(Outcome.of(502, headers, "why"))
        .isEqualTo(new Raised(ErrorCode.FUNCTION_RAISED, "why"));
  }

  @Test
  void recognizesAMovedPlacement() {
    var headers =
        HttpFields.build(error("no_instance")).put(HostProtocol.NOT_BEGUN, "true").asImmutable();

    assertThat(Outcome.of(503, headers, "").isMoved()).isTrue();
  }

  @Test
  void distinguishesFailuresBeforeAndDuringTheCall() {
    assertThat(Outcome.of(new ConnectException()).isMoved()).isTrue();
    assertThat(Outcome.of(new IOException(new UnresolvedAddressException())).isMoved()).isTrue();
    assertThat(Outcome.of(new TimeoutException())).isInstanceOf(TimedOut.class);
    assertThat(Outcome.of(new EOFException())).isInstanceOf(Lost.class);
    assertThat(Outcome.of(new ClosedChannelException())).isInstanceOf(Lost.class);
  }
}
