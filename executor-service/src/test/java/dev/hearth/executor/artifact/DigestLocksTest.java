package dev.hearth.executor.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Digest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DigestLocksTest {

  private static final Digest ONE = Digest.ofHex("1".repeat(64));
  private static final Digest TWO = Digest.ofHex("2".repeat(64));

  private final DigestLocks locks = new DigestLocks();

  @Test
  void aDigestIsWorkedOnByOneAtATime() {
    var held = locks.hold(ONE);
    var worked = new CompletableFuture<Boolean>();
    var other =
        Thread.ofPlatform()
            .start(() -> {
              try (var _ = locks.hold(ONE)) {
                worked.complete(true);
              }
            });
    await().until(() -> other.getState() == Thread.State.WAITING);
    assertThat(worked).isNotDone();

    held.close();

    assertThat(worked.join()).isTrue();
  }

  @Test
  void digestsDoNotWaitForEachOtherAndMayBeHeldTwice() {
    try (var _ = locks.hold(ONE);
        var _ = locks.hold(TWO);
        var _ = locks.hold(ONE)) {
      assertThat(locks.size()).isEqualTo(2);
    }
  }

  @Test
  void aLockThatNobodyUsesIsGone() {
    locks.hold(ONE).close();
    locks.hold(TWO).close();

    assertThat(locks.size()).isZero();
  }
}
