package dev.hearth.build.uv;

import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.egress.EgressPass;
import dev.hearth.kit.egress.EgressProxy;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits the network destinations of uv. Projects name indexes, and indexes and locks name files,
 * so an untrusted tenant could direct uv into the operator's network. Its uv must use a proxy that
 * connects only to the Internet and to the operator's indexes.
 */
public final class UvEgress implements AutoCloseable {

  private static final Set<String> INDEX_VARIABLES =
      Set.of("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS");

  private static final Pattern URL = Pattern.compile("https?://[^\\s,]+");

  private final Destinations destinations;
  private final boolean hasOperatorsProxy;
  private @Nullable EgressProxy proxy;

  /**
   * Prepares the limits for all builds.
   *
   * @param hosts further hosts in the operator's network that all tenants' uv may reach
   * @param environment uv's variables as the operator set them. Indexes named there may be reached.
   *     A proxy named there replaces this one
   */
  public UvEgress(Set<String> hosts, Map<String, String> environment) {
    var own = new TreeSet<>(hosts);
    for (var name : INDEX_VARIABLES) {
      var matcher = URL.matcher(environment.getOrDefault(name, ""));
      while (matcher.find()) {
        Optional.ofNullable(URI.create(matcher.group()).getHost()).ifPresent(own::add);
      }
    }
    this.destinations = Destinations.outside().or(Destinations.only(own));
    this.hasOperatorsProxy =
        environment.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("https_proxy"));
  }

  /** Returns the allowed destinations of the service's own downloads for untrusted tenants. */
  public Destinations destinations() {
    return destinations;
  }

  /** Admits one session to the proxy; returns nothing if uv uses the operator's proxy. */
  public synchronized Optional<Way> open(String tenant) throws IOException {
    if (hasOperatorsProxy) {
      return Optional.empty();
    }
    if (proxy == null) {
      proxy = EgressProxy.onLoopback();
    }
    return Optional.of(new Way(proxy.admit("uv of " + tenant, destinations), proxy.port()));
  }

  /** One session's access to the proxy. */
  public record Way(EgressPass pass, int port) {

    /** Returns the environment variables that make uv use the proxy. */
    Map<String, String> environment() {
      return Map.of("all_proxy", pass.url(port), "no_proxy", "");
    }
  }

  @Override
  public synchronized void close() {
    if (proxy != null) {
      proxy.close();
    }
  }
}
