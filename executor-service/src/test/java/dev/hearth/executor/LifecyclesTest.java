package dev.hearth.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.executor.host.HostLifecycle;
import dev.hearth.executor.pool.PoolState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Walks every edge of the lifecycles of pools and hosts. */
class LifecyclesTest {

  @Test
  void poolsMoveForwardOnly() {
    var moves =
        Map.of(
            PoolState.KNOWN, List.of(PoolState.STARTING, PoolState.RETIRING, PoolState.ENDED),
            PoolState.STARTING, List.of(PoolState.SERVING, PoolState.RETIRING, PoolState.ENDED),
            PoolState.SERVING, List.of(PoolState.RETIRING, PoolState.ENDED),
            PoolState.RETIRING, List.of(PoolState.ENDED),
            PoolState.ENDED, List.<PoolState>of());

    for (var from : PoolState.values()) {
      assertThat(Arrays.stream(PoolState.values()).filter(from::mayBecome))
          .as("from %s", from)
          .containsExactlyElementsOf(moves.get(from));
    }
  }

  @Test
  void hostsMoveForwardOnly() {
    var moves =
        Map.of(
            HostLifecycle.BOOTING,
                List.of(HostLifecycle.STEM, HostLifecycle.ENDING, HostLifecycle.ENDED),
            HostLifecycle.STEM,
                List.of(
                    HostLifecycle.SERVING,
                    HostLifecycle.LEAVING,
                    HostLifecycle.ENDING,
                    HostLifecycle.ENDED),
            HostLifecycle.SERVING,
                List.of(HostLifecycle.LEAVING, HostLifecycle.ENDING, HostLifecycle.ENDED),
            HostLifecycle.LEAVING, List.of(HostLifecycle.ENDING, HostLifecycle.ENDED),
            HostLifecycle.ENDING, List.of(HostLifecycle.ENDED),
            HostLifecycle.ENDED, List.<HostLifecycle>of());

    for (var from : HostLifecycle.values()) {
      assertThat(Arrays.stream(HostLifecycle.values()).filter(from::mayBecome))
          .as("from %s", from)
          .containsExactlyElementsOf(moves.get(from));
    }
  }
}
