package dev.hearth.executor.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceStateTest {

  @Test
  void instancesMoveForwardOnly() {
    var moves =
        Map.of(
            InstanceState.STARTING, List.of(InstanceState.READY, InstanceState.ENDED),
            InstanceState.READY, List.of(InstanceState.LEAVING, InstanceState.ENDED),
            InstanceState.LEAVING, List.of(InstanceState.ENDED),
            InstanceState.ENDED, List.<InstanceState>of());

    for (var from : InstanceState.values()) {
      assertThat(Arrays.stream(InstanceState.values()).filter(from::mayBecome))
          .as("from %s", from)
          .containsExactlyElementsOf(moves.get(from));
    }
  }
}
