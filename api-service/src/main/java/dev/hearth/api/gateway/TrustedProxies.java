package dev.hearth.api.gateway;

import dev.hearth.kit.dispatch.Invocation.Origin;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * The proxies whose word about the client counts. Each proxy adds what it saw to the end of {@code
 * Forwarded} (RFC 7239) or of the {@code X-Forwarded} headers. So they are read from the end, up to
 * the first address that is not a trusted proxy: a client can forge only what stands before it.
 */
final class TrustedProxies {

  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final Pattern HOST = Pattern.compile("[\\w.:\\[\\]-]+");
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");

  private final InetAddressSet trusted = new InetAddressSet();

  /**
   * Reads addresses.
   *
   * @param addresses {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code fd00::/8}
   * @throws IllegalArgumentException if one is not an address
   */
  TrustedProxies(List<String> addresses) {
    trusted.addAll(addresses);
  }

  /** What one proxy saw; a part that it did not tell is empty. */
  private record Hop(String client, String scheme, String host) {}

  /** Returns true if the request comes from a trusted proxy. */
  boolean sent(Request request) {
    return !trusted.isEmpty() && isTrusted(Request.getRemoteAddr(request));
  }

  /** Returns the origin of a request, as far as trusted proxies tell it. */
  Origin origin(Request request) {
    if (!sent(request)) {
      return Origin.of(request);
    }
    var origin = Origin.of(request).proxied();
    for (var hop : hops(request.getHeaders()).reversed()) {
      var client = address(hop.client());
      var scheme = hop.scheme().toLowerCase(Locale.ROOT);
      origin =
          new Origin(
              client.map(InetAddress::getHostAddress).orElse(origin.client()),
              SCHEMES.contains(scheme) ? scheme : origin.scheme(),
              HOST.matcher(hop.host()).matches() ? hop.host() : origin.host(),
              true);
      if (client.filter(trusted).isEmpty()) {
        break;
      }
    }
    return request.getHeaders().contains(HttpHeader.FORWARDED)
        ? origin
        : withPort(origin, request.getHeaders());
  }

  private boolean isTrusted(String text) {
    return address(text).filter(trusted).isPresent();
  }

  /** Reads an address with or without a port. */
  private static Optional<InetAddress> address(String text) {
    var end = text.startsWith("[") ? text.indexOf(']') : text.indexOf(':');
    var isOnlyAddress = end < 0 || (!text.startsWith("[") && text.indexOf(':', end + 1) >= 0);
    var literal = isOnlyAddress ? text : text.substring(text.startsWith("[") ? 1 : 0, end);
    try {
      return literal.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Returns what each proxy saw, the nearest one last. */
  private static List<Hop> hops(HttpFields headers) {
    return headers.contains(HttpHeader.FORWARDED)
        ? headers.getCSV(HttpHeader.FORWARDED, false).stream().map(TrustedProxies::hop).toList()
        : unofficialHops(headers);
  }

  private static Hop hop(String element) {
    var client = "";
    var scheme = "";
    var host = "";
    for (var pair : element.split(";", -1)) {
      var equals = pair.indexOf('=');
      var value = pair.substring(equals + 1).strip();
      switch (pair.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT)) {
        case "for" -> client = value;
        case "proto" -> scheme = value;
        case "host" -> host = value;
        default -> {}
      }
    }
    return new Hop(client, scheme, host);
  }

  private static List<Hop> unofficialHops(HttpFields headers) {
    var clients = headers.getCSV(HttpHeader.X_FORWARDED_FOR, false);
    var schemes = headers.getCSV(HttpHeader.X_FORWARDED_PROTO, false);
    var hosts = headers.getCSV(HttpHeader.X_FORWARDED_HOST, false);
    var number = Math.max(1, clients.size());
    var hops = new ArrayList<Hop>();
    for (int i = 0; i < number; i++) {
      hops.add(
          new Hop(
              clients.isEmpty() ? "" : clients.get(i),
              of(schemes, i, number),
              of(hosts, i, number)));
    }
    return hops;
  }

  /** Returns the value of one proxy; without a value from each, the nearest proxy's counts. */
  private static String of(List<String> values, int index, int number) {
    return values.isEmpty() ? "" : values.size() == number ? values.get(index) : values.getLast();
  }

  /** Adds the port of {@code X-Forwarded-Port} to a host without one. */
  private static Origin withPort(Origin origin, HttpFields headers) {
    var ports = headers.getCSV(HttpHeader.X_FORWARDED_PORT, false);
    var isNamed = origin.host().lastIndexOf(':') > origin.host().lastIndexOf(']');
    if (ports.isEmpty() || isNamed || !PORT.matcher(ports.getLast()).matches()) {
      return origin;
    }
    var usual = origin.scheme().equals("https") ? "443" : "80";
    return ports.getLast().equals(usual)
        ? origin
        : new Origin(origin.client(), origin.scheme(), origin.host() + ":" + ports.getLast(), true);
  }
}
