package dev.hearth.testkit.contract;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.host.HostProtocol;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A WebSocket client (RFC 6455) for hosts that sends and receives short text messages. */
final class HostSocketClient implements AutoCloseable {

  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_CLOSE = 0x88;
  private static final int FINAL_PING = 0x89;
  private static final int FINAL_PONG = 0x8a;
  private static final int MASKED = 0x80;

  private final SocketChannel channel;
  private final DataInputStream in;

  private HostSocketClient(SocketChannel channel) {
    this.channel = channel;
    this.in = new DataInputStream(Channels.newInputStream(channel));
  }

  /** Opens a connection to an instance. */
  static HostSocketClient open(Path socket, String instance) throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    var client = new HostSocketClient(channel);
    client.write(
        """
        GET %s/socket HTTP/1.1
        Host: localhost
        %s: %s
        %s: socket-1
        %s: %s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .formatted(
                HostProtocol.CALL,
                HostProtocol.INSTANCE,
                instance,
                HostProtocol.INVOCATION,
                HostProtocol.CALL_KIND,
                CallKind.SOCKET.header())
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  /** Returns the head of the answer to the WebSocket handshake. */
  String head() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readByte());
    }
    return head.toString();
  }

  void send(String text) throws IOException {
    var content = text.getBytes(StandardCharsets.UTF_8);
    // A mask of zeros leaves the content as it is.
    var frame = ByteBuffer.allocate(6 + content.length);
    frame.put((byte) FINAL_TEXT).put((byte) (MASKED | content.length)).putInt(0).put(content);
    write(frame.array());
  }

  /** Returns the next message, {@code ping}, or {@code close CODE REASON}. */
  String receive() throws IOException {
    var kind = in.readUnsignedByte();
    var content = in.readNBytes(in.readUnsignedByte());
    return switch (kind) {
      case FINAL_CLOSE ->
          ("close "
                  + ByteBuffer.wrap(content).getShort()
                  + " "
                  + new String(content, 2, content.length - 2, StandardCharsets.UTF_8))
              .strip();
      case FINAL_PING -> "ping";
      default -> new String(content, StandardCharsets.UTF_8);
    };
  }

  /** Returns the next message that is not a ping. */
  String receiveAfterPings() throws IOException {
    var message = receive();
    while (message.equals("ping")) {
      message = receive();
    }
    return message;
  }

  /** Answers a ping. */
  void pong() throws IOException {
    write(ByteBuffer.allocate(6).put((byte) FINAL_PONG).put((byte) MASKED).putInt(0).array());
  }

  private void write(byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
