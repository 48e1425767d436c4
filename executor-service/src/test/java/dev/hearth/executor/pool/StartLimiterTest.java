package dev.hearth.executor.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.executor.pool.StartLimiter.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StartLimiterTest {

  private final StartLimiter turns = new StartLimiter();

  /** As many as may be at a time. */
  private List<Turn> all(String tenant) throws InterruptedException {
    var taken = new ArrayList<Turn>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      taken.add(turns.take(tenant));
    }
    return taken;
  }

  @Test
  void hasAStartWaitWhileOthersOfTheTenantTakeAllProcessors() throws Exception {
    var taken = all("one");
    var next = new CompletableFuture<Turn>();
    var starting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                next.complete(turns.take("one"));
              } catch (InterruptedException interrupted) {
                next.completeExceptionally(interrupted);
              }
            });

    await().until(() -> starting.getState() == Thread.State.WAITING);
    assertThat(all("two")).isNotEmpty();

    taken.getFirst().close();
    assertThat(next.get()).isNotNull();
  }
}
