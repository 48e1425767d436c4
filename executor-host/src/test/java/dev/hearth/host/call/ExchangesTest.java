package dev.hearth.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExchangesTest {

  private final Exchanges exchanges = new Exchanges();

  @Test
  void endsAllThatAreHereForOneReason() throws Exception {
    try (var calls = new LocalCalls()) {
      var here = calls.get();
      var left = calls.get();
      exchanges.add(here.exchange());
      exchanges.add(left.exchange());
      exchanges.remove(left.exchange());

      exchanges.endAll(HostProtocol.INSTANCE_ENDING, "the reason");

      assertThat(here.answer())
          .contains(HostProtocol.INSTANCE_ENDING, ErrorCode.INSTANCE_LOST.code(), "the reason");
      assertThat(left.exchange().ended()).isNotDone();
    }
  }

  @Test
  void everyCallEndsThoughCallsComeWhileAllAreEnded() throws Exception {
    try (var calls = new LocalCalls()) {
      var all = new ArrayList<Exchange>();
      for (int i = 0; i < 50; i++) {
        all.add(calls.get().exchange());
      }
      var adding =
          CompletableFuture.runAsync(() -> all.forEach(exchanges::add))
              .thenRun(() -> exchanges.endAll(HostProtocol.INSTANCE_ENDING, "after"));
      for (int i = 0; i < 50; i++) {
        exchanges.endAll(HostProtocol.INSTANCE_ENDING, "meanwhile");
      }
      adding.join();

      assertThat(all).allMatch(exchange -> exchange.ended().isDone());
    }
  }
}
