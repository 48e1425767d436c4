package dev.hearth.host.call;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * A call of an instance, as the node sent it. Strings hold Latin-1 characters, as in HTTP.
 *
 * @param path the raw path without {@code rootPath}
 * @param headers {@code name\0value\0…}, the host first
 * @param body the whole body if {@code isWhole}; else empty, and the exchange delivers it in parts
 */
public record Call(
    String method,
    String path,
    String query,
    String headers,
    String body,
    boolean isWhole,
    String rootPath,
    String client,
    String scheme,
    String invocation,
    CallKind kind) {

  /**
   * Reads a request, with its body if that is small.
   *
   * @param onRead receives the call, at once or after the body has arrived
   * @param onFailure runs if the body does not arrive
   */
  public static void read(Request request, Consumer<Call> onRead, Runnable onFailure) {
    var length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || length > HostProtocol.SMALL_BODY) {
      onRead.accept(of(request, "", false));
    } else if (length <= 0) {
      onRead.accept(of(request, "", true));
    } else {
      Content.Source.asByteArrayAsync(
          request,
          HostProtocol.SMALL_BODY,
          Promise.Invocable.from(
              Invocable.InvocationType.NON_BLOCKING,
              body ->
                  onRead.accept(of(request, new String(body, StandardCharsets.ISO_8859_1), true)),
              _ -> onFailure.run()));
    }
  }

  /**
   * Formats the call for {@code workers._host._call.parse_call}.
   *
   * @param id number of its exchange
   * @param deadline when its code should have ended
   */
  public String item(long id, Instant deadline) {
    return String.join(
        "\n",
        kind.name().toLowerCase(Locale.ROOT),
        Long.toString(id),
        method,
        line(path),
        line(query),
        rootPath,
        client,
        scheme,
        invocation,
        Double.toString(deadline.toEpochMilli() / 1e3),
        Boolean.toString(isWhole),
        line(headers),
        body);
  }

  /** Removes line ends, which separate fields. HTTP allows none here. */
  private static String line(String text) {
    return text.replace('\n', ' ');
  }

  private static Call of(Request request, String body, boolean isWhole) {
    var uri = request.getHttpURI();
    return new Call(
        request.getMethod(),
        bytes(uri.getPath().substring(HostProtocol.CALL.length())),
        query(request),
        headers(request),
        body,
        isWhole,
        own(request, HostProtocol.ROOT_PATH),
        own(request, HostProtocol.CLIENT),
        own(request, HostProtocol.SCHEME),
        own(request, HostProtocol.INVOCATION),
        own(request, HostProtocol.CALL_KIND).equals(CallKind.EVENT.header())
            ? CallKind.EVENT
            : isWebSocket(request) ? CallKind.SOCKET : CallKind.HTTP);
  }

  private static String query(Request request) {
    var unusual = request.getHeaders().get(HostProtocol.QUERY);
    if (unusual != null) {
      return unusual;
    }
    var query = request.getHttpURI().getQuery();
    return query == null ? "" : bytes(query);
  }

  /** Returns a text that the server decoded from UTF-8 with one character for each byte. */
  private static String bytes(String decoded) {
    return decoded.chars().allMatch(character -> character < 0x80)
        ? decoded
        : new String(decoded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String headers(Request request) {
    // The host comes first because most code reads no other header.
    var headers = new StringBuilder("host\0").append(own(request, HostProtocol.HOST)).append('\0');
    for (HttpField field : request.getHeaders()) {
      if (!field.getLowerCaseName().startsWith(HearthHeaders.PREFIX)
          && (field.getHeader() != HttpHeader.CONNECTION || isWebSocket(request))
          && field.getHeader() != HttpHeader.HOST) {
        var value = field.getValue() == null ? "" : field.getValue();
        headers.append(field.getName()).append('\0').append(value).append('\0');
      }
    }
    return headers.toString();
  }

  public static byte[] body(Request request) throws IOException {
    try (var in = Content.Source.asInputStream(request)) {
      return in.readAllBytes();
    }
  }

  public static boolean isWebSocket(Request request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  /** Returns the value of a protocol header, or an empty string. */
  public static String own(Request request, String name) {
    var value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }
}
