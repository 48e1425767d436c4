package dev.hearth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {

  @Test
  void findsPortsThatNoOutgoingConnectionTakes() throws IOException {
    var first = FreePort.find();
    var second = FreePort.find();

    assertThat(second).isNotEqualTo(first);
    assertThat(IntStream.of(first, second)).allMatch(port -> port >= 20_000 && port < 32_768);
  }

  @Test
  void passesOverPortsThatSomebodyListensOn() throws IOException {
    var port = FreePort.find();
    try (var listening = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.find()).isNotEqualTo(listening.getLocalPort());
    }
  }
}
