package dev.hearth.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxTest {

  private final Inbox inbox = new Inbox();

  private void add(String item) {
    inbox.add(() -> Optional.of(item));
  }

  private Socket loop() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), inbox.looping(true));
  }

  @Test
  void givesItemsInTheirOrderAndPassesOverThoseOfNoUse() {
    add("one");
    inbox.add(Optional::empty);
    add("two");

    assertThat(inbox.isEmpty()).isFalse();
    assertThat(inbox.poll()).isEqualTo("one");
    assertThat(inbox.poll()).isEqualTo("two");
    assertThat(inbox.poll()).isNull();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void makesAnItemWhenItIsTaken() {
    var made = new AtomicInteger();
    inbox.add(() -> Optional.of("item " + made.incrementAndGet()));
    assertThat(made).hasValue(0);

    assertThat(inbox.poll()).isEqualTo("item 1");
  }

  @Test
  void wakesALoopOnceForManyItemsAndAgainAfterItLooked() throws IOException {
    try (var loop = loop()) {
      var in = loop.getInputStream();
      // Connecting wakes the loop, because an item may have come before.
      assertThat(in.read()).isZero();
      inbox.poll();

      add("one");
      add("two");
      assertThat(in.read()).isZero();
      assertThat(in.available()).isZero();

      inbox.poll();
      add("three");
      assertThat(in.read()).isZero();
    }
  }

  @Test
  void leavesALoopThatRestsAlone() throws IOException {
    try (var loop = loop()) {
      assertThat(loop.getInputStream().read()).isZero();
      inbox.poll();
      var port = inbox.looping(false);

      add("one");

      assertThat(loop.getInputStream().available()).isZero();
      assertThat(inbox.looping(true)).isEqualTo(port);
    }
  }

  @Test
  void losesNoItemAndNoWakeWhenManyAdd() throws IOException {
    var taken = new AtomicInteger();
    try (var loop = loop()) {
      for (int i = 0; i < 4; i++) {
        Thread.ofVirtual()
            .start(() -> {
              for (int j = 0; j < 500; j++) {
                add("item");
              }
            });
      }

      while (taken.get() < 2000 && loop.getInputStream().read() == 0) {
        while (inbox.poll() != null) {
          taken.incrementAndGet();
        }
      }
    }

    assertThat(taken).hasValue(2000);
  }

  @Test
  void closesTheConnection() throws IOException {
    try (var loop = loop()) {
      assertThat(loop.getInputStream().read()).isZero();

      inbox.close();

      await().until(() -> loop.getInputStream().read() < 0);
      add("one");
    }
  }
}
