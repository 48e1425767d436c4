package dev.hearth.executor.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.executor.start.StartLimiter.Place;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StartLimiterTest {

  private final StartLimiter limiter = new StartLimiter(new StartSettings(2, 3));

  @Test
  void startsOfATenantWaitForAPlace() throws Exception {
    var first = limiter.take("one");
    var second = limiter.take("one");
    var third = new CompletableFuture<Place>();
    var waiting = Thread.ofVirtual().start(() -> takeInto(third));
    await().until(() -> waiting.getState() == Thread.State.WAITING);

    first.close();

    assertThat(third.get()).isNotNull();
    second.close();
  }

  @Test
  void tenantsDoNotWaitForEachOther() throws Exception {
    try (var _ = limiter.take("one");
        var _ = limiter.take("one");
        var other = limiter.take("two")) {
      assertThat(other).isNotNull();
    }
  }

  @Test
  void nothingIsKeptOfATenantThatStartsNothing() throws Exception {
    limiter.take("one").close();
    limiter.take("two").close();

    assertThat(limiter.tenants()).isZero();
    assertThat(limiter.starts()).isZero();
  }

  @Test
  void nothingIsKeptOfAStartThatWasInterrupted() throws Exception {
    var first = limiter.take("one");
    var second = limiter.take("one");
    var third = new CompletableFuture<Place>();
    var waiting = Thread.ofVirtual().start(() -> takeInto(third));
    await().until(() -> waiting.getState() == Thread.State.WAITING);

    waiting.interrupt();
    waiting.join();
    first.close();
    second.close();

    assertThat(limiter.tenants()).isZero();
  }

  private void takeInto(CompletableFuture<Place> place) {
    try {
      place.complete(limiter.take("one"));
    } catch (InterruptedException interrupted) {
      place.completeExceptionally(interrupted);
    }
  }
}
