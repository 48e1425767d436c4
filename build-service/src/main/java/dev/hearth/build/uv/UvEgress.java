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
 * Where uv may go for a tenant. A project names its indexes, and indexes and locks name where files
 * are, so a tenant that is not trusted could lead uv into our own network: its uv goes through a
 * proxy that connects to the outside only, and to the indexes that the operator has set.
 */
public final class UvEgress implements AutoCloseable {

  private static final Set<String> INDEX_VARIABLES =
      Set.of("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS");

  private static final Pattern URL = Pattern.compile("https?://[^\\s,]+");

  private final Destinations destinations;
  private final boolean hasOperatorsProxy;
  private @Nullable EgressProxy proxy;

  /**
   * Prepares.
   *
   * @param hosts further hosts of our own network that anyone's uv may reach
   * @param environment uv's as the operator set it: its indexes may be reached, and where it names
   *     a proxy that one decides
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

  /** Where our own downloads for such a tenant may go. */
  public Destinations destinations() {
    return destinations;
  }

  /** A way out for one session; empty where the operator's proxy is the way. */
  public synchronized Optional<Way> open(String tenant) throws IOException {
    if (hasOperatorsProxy) {
      return Optional.empty();
    }
    if (proxy == null) {
      proxy = EgressProxy.onLoopback();
    }
    return Optional.of(new Way(proxy.admit("uv of " + tenant, destinations), proxy.port()));
  }

  /** One session's way out. */
  public record Way(EgressPass pass, int port) {

    /** What uv must be told. */
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
