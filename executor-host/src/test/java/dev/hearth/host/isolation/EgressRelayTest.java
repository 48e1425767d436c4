package dev.hearth.host.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressRelayTest {

  private static final int MUCH = 4 << 20;

  @TempDir private Path folder;

  @Test
  void anAnswerArrivesThoughTheRequestWasNotReadWhole() throws IOException {
    var path = folder.resolve("proxy");
    var port = freePort();
    try (var proxy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      proxy.bind(UnixDomainSocketAddress.of(path));
      EgressRelay.listen(port, path);

      try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write('?');
        try (var asked = proxy.accept()) {
          asked.read(ByteBuffer.allocate(1));
          asked.write(ByteBuffer.wrap("refused".getBytes(StandardCharsets.UTF_8)));
        }
        client.getOutputStream().write(new byte[MUCH]);

        var answer = client.getInputStream().readAllBytes();

        assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("refused");
      }
    }
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
