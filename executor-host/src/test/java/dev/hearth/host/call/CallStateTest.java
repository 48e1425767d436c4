package dev.hearth.host.call;

import static dev.hearth.host.call.CallState.ANSWERED;
import static dev.hearth.host.call.CallState.ANSWERING;
import static dev.hearth.host.call.CallState.GONE;
import static dev.hearth.host.call.CallState.RECEIVED;
import static dev.hearth.host.call.CallState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallStateTest {

  @Test
  void callsMoveForwardOnly() {
    var moves =
        Map.of(
            RECEIVED, List.of(RUNNING, ANSWERING, ANSWERED, GONE),
            RUNNING, List.of(ANSWERING, ANSWERED, GONE),
            ANSWERING, List.of(ANSWERED, GONE),
            ANSWERED, List.of(GONE),
            GONE, List.<CallState>of());

    for (var from : CallState.values()) {
      assertThat(Arrays.stream(CallState.values()).filter(from::mayBecome))
          .as("from %s", from)
          .containsExactlyElementsOf(moves.get(from));
    }
  }
}
