package dev.hearth.kit.dispatch;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.RequestTarget;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * One attempt of an invocation at one placement.
 *
 * @param tried the placements that were tried before
 * @param begun when the invocation was accepted, by {@link System#nanoTime}
 * @param routed when the placement was chosen, by {@link System#nanoTime}
 */
record Attempt(
    Invocation invocation,
    RoutePublished route,
    Target target,
    Set<UUID> tried,
    long begun,
    long routed) {

  /** Headers by which proxies tell about a client. */
  private static final Set<HttpHeader> TOLD =
      EnumSet.of(
          HttpHeader.FORWARDED,
          HttpHeader.X_FORWARDED_FOR,
          HttpHeader.X_FORWARDED_HOST,
          HttpHeader.X_FORWARDED_PORT,
          HttpHeader.X_FORWARDED_PROTO,
          HttpHeader.X_FORWARDED_SERVER);

  /** Chooses an untried placement of the route; returns nothing if there is none. */
  static Optional<Attempt> of(
      Invocation invocation, RoutePublished route, Set<UUID> tried, long begun) {
    var targets = route.targets();
    if (!tried.isEmpty()) {
      targets = targets.stream().filter(one -> !tried.contains(one.placement())).toList();
    }
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    var chosen = targets.get(ThreadLocalRandom.current().nextInt(targets.size()));
    return Optional.of(new Attempt(invocation, route, chosen, tried, begun, System.nanoTime()));
  }

  /** Returns the placements that the next attempt must avoid. */
  Set<UUID> exhausted() {
    var all = new HashSet<>(tried);
    all.add(target.placement());
    return all;
  }

  /** Returns the longest wait for the head of the answer. */
  Duration limit(Patience patience) {
    return route.timeout().multipliedBy(2).plus(patience.atNode());
  }

  /** Returns path and query of the request to the node. */
  String pathQuery() {
    return HostProtocol.CALL + invocation.pathQuery();
  }

  /** Removes the headers that clients must not send, and adds those that the node needs. */
  void describe(HttpFields.Mutable headers, String token) {
    for (var fields = headers.iterator(); fields.hasNext(); ) {
      var field = fields.next();
      var header = field.getHeader();
      var isForged = !invocation.origin().isProxied() && header != null && TOLD.contains(header);
      if (isForged || isReserved(field.getName())) {
        fields.remove();
      }
    }
    headers.put(HearthHeaders.INTERNAL_TOKEN, token);
    headers.put(HearthHeaders.PLACEMENT, target.placement().toString());
    headers.put(HostProtocol.ROOT_PATH, invocation.rootPath());
    RequestTarget.query(invocation.pathQuery())
        .ifPresent(query -> headers.put(HostProtocol.QUERY, query));
    headers.put(HostProtocol.INVOCATION, invocation.id().toString());
    headers.put(HostProtocol.CLIENT, invocation.origin().client());
    headers.put(HostProtocol.SCHEME, invocation.origin().scheme());
    headers.put(HostProtocol.HOST, invocation.origin().host());
    if (!invocation.kind().header().isEmpty()) {
      headers.put(HostProtocol.CALL_KIND, invocation.kind().header());
    }
    if (invocation.kind() == CallKind.EVENT) {
      headers.remove(HttpHeader.AUTHORIZATION);
    }
  }

  private static boolean isReserved(String header) {
    var prefix = HearthHeaders.PREFIX;
    return header.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** Returns the {@code Server-Timing} entry for the time until the placement was chosen. */
  String timing() {
    return "gateway;dur=" + TimeUnit.NANOSECONDS.toMicros(routed - begun) / 1e3;
  }
}
