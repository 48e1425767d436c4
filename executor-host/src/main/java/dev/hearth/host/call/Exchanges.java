package dev.hearth.host.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.OutputLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * The open calls of one instance, and the Java functions through which Python handles them ({@code
 * workers._host._bridge.Bridge}). These functions ignore calls that have ended.
 */
public final class Exchanges {

  private static final int LONGEST_NAME = 40;

  private final Map<Long, Exchange> byId = new ConcurrentHashMap<>();

  /** Receives the output of the instance's code. */
  @FunctionalInterface
  public interface Printer {
    void print(String stream, String level, String invocation, String text);
  }

  public void add(Exchange exchange) {
    byId.put(exchange.id(), exchange);
  }

  public void remove(Exchange exchange) {
    byId.remove(exchange.id());
  }

  /**
   * Ends all calls for the same reason.
   *
   * @param header what ends with the calls: {@link HostProtocol#INSTANCE_ENDING} or {@link
   *     HostProtocol#HOST_ENDING}
   */
  public void endAll(String header, String reason) {
    for (var exchange : List.copyOf(byId.values())) {
      byId.remove(exchange.id());
      exchange.ending(header);
      exchange.condemn(ErrorCode.INSTANCE_LOST, reason);
      exchange.end();
    }
  }

  /** Ends the calls that have not begun, and cancels the others, with the same reason for all. */
  public void cancelAll(String reason) {
    for (var exchange : List.copyOf(byId.values())) {
      exchange.ending(HostProtocol.INSTANCE_ENDING);
      exchange.condemn(ErrorCode.INSTANCE_LOST, reason);
      if (exchange.isBegun()) {
        exchange.cancel();
      } else {
        byId.remove(exchange.id());
        exchange.end();
      }
    }
  }

  private static String stream(String given) {
    return OutputLine.STREAMS.contains(given) ? given : "stdout";
  }

  /**
   * Returns the Java functions in the order of Python's {@code Bridge}.
   *
   * @param waker lets the interpreter look into its inbox
   */
  public ProxyArray bridge(Inbox inbox, Printer printer, Runnable waker) {
    ProxyExecutable poll = _ -> inbox.poll();
    ProxyExecutable looping = given -> inbox.looping(given[0].asBoolean());
    ProxyExecutable print =
        given -> {
          printer.print(
              stream(given[0].asString()),
              cut(given[1].asString()),
              cut(given[2].asString()),
              given[3].asString());
          return null;
        };
    ProxyExecutable wake =
        _ -> {
          waker.run();
          return null;
        };
    return ProxyArray.fromArray(
        poll,
        (ProxyExecutable) this::send,
        (ProxyExecutable) this::receive,
        (ProxyExecutable) this::await,
        (ProxyExecutable) this::end,
        looping,
        print,
        (ProxyExecutable) Exchanges::scrypt,
        (ProxyExecutable) Exchanges::digest,
        wake);
  }

  /** Shortens the name of a level or invocation, whose length user code decides. */
  private static String cut(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }

  private Object send(Value... given) {
    var exchange = byId.get(given[0].asLong());
    if (exchange == null) {
      return true;
    }
    return exchange.send(
        given[1].asInt(), given[2].asString(), bytes(given[3]), given[4].asBoolean());
  }

  private static byte[] bytes(Value given) {
    var bytes = new byte[(int) given.getBufferSize()];
    given.readBuffer(0, bytes, 0, bytes.length);
    return bytes;
  }

  private static Object scrypt(Value... given) {
    var key =
        Scrypt.derive(
            bytes(given[0]),
            bytes(given[1]),
            given[2].asInt(),
            given[3].asInt(),
            given[4].asInt(),
            given[5].asInt());
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  private static Object digest(Value... given) {
    var result =
        Digests.digest(
            given[0].asString(),
            bytes(given[1]),
            given[2].asInt(),
            bytes(given[3]),
            bytes(given[4]),
            bytes(given[5]));
    return new String(result, StandardCharsets.ISO_8859_1);
  }

  private @Nullable Object receive(Value... given) {
    var exchange = byId.get(given[0].asLong());
    try {
      return exchange == null ? false : exchange.receive();
    } catch (IOException _) {
      return false;
    }
  }

  private Object await(Value... given) {
    var exchange = byId.get(given[0].asLong());
    try {
      return exchange != null && exchange.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable Object end(Value... given) {
    var exchange = byId.remove(given[0].asLong());
    if (exchange != null) {
      exchange.end();
    }
    return null;
  }
}
