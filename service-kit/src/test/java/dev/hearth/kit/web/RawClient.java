package dev.hearth.kit.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends raw text to a server and reads its answer until the connection ends. */
final class RawClient {

  private final int port;

  RawClient(int port) {
    this.port = port;
  }

  /**
   * Sends Latin-1 text and half-closes the connection.
   *
   * @return everything that the server sends until it closes the connection
   */
  Answer send(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(text);
    }
  }

  /** Everything that the server sent. */
  record Answer(String text) {

    int status() {
      return Integer.parseInt(text.split(" ", 3)[1]);
    }

    String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }
}
