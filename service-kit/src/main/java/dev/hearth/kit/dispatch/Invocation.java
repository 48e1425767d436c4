package dev.hearth.kit.dispatch;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.FunctionKey;
import java.util.Comparator;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * One call of a function, from its acceptance to its outcome.
 *
 * @param id identifies the call in logs and cancels it
 * @param rootPath the prefix that was stripped from the path; the function sees it as its root path
 * @param pathQuery the rest of the path with the query, undecoded, with a leading slash
 */
public record Invocation(
    UUID id,
    FunctionKey function,
    CallKind kind,
    String rootPath,
    String pathQuery,
    Origin origin) {

  /**
   * Origin of a call, as the function sees it.
   *
   * @param client the address of the client; an IPv6 address in its short form (RFC 5952)
   * @param scheme {@code http} or {@code https}
   * @param host the host that the client named
   * @param isProxied true if a trusted proxy sent the call, whose headers about the client the
   *     function sees; else these are removed
   */
  public record Origin(String client, String scheme, String host, boolean isProxied) {

    /** Groups of zeros in an IPv6 address, at least two. */
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");

    public Origin {
      client = shortened(client);
    }

    private static String shortened(String address) {
      return ZEROS
          .matcher(address)
          .results()
          .max(
              Comparator.<MatchResult>comparingInt(
                  zeros -> zeros.group().replace(":", "").length()))
          .map(zeros -> address.substring(0, zeros.start()) + "::" + address.substring(zeros.end()))
          .orElse(address);
    }

    /** Reads the origin of a client's request. */
    public static Origin of(Request request) {
      return new Origin(
          Request.getRemoteAddr(request),
          request.isSecure() ? "https" : "http",
          String.valueOf(request.getHeaders().get(HttpHeader.HOST)),
          false);
    }

    /** Formats the origin as a value of {@code Forwarded} (RFC 7239). */
    String forwarded() {
      return "for=%s;host=%s;proto=%s"
          .formatted(
              HttpField.PARAMETER_TOKENIZER.quote(
                  client.contains(":") ? "[" + client + "]" : client),
              HttpField.PARAMETER_TOKENIZER.quote(host),
              scheme);
    }

    /** Returns the same origin as a trusted proxy tells it. */
    public Origin proxied() {
      return new Origin(client, scheme, host, true);
    }
  }
}
