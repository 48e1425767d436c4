package dev.hearth.kit.egress;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Permission of one client to use an {@link EgressProxy}, until it is closed. */
public final class EgressPass implements AutoCloseable {

  /** User name in the proxy's address; the proxy checks the password only. */
  private static final String USER = "hearth";

  private static final int REMEMBERED = 100;

  private final String client;
  private final Destinations destinations;
  private final String password;
  private final Runnable end;
  private final Set<String> refused = new ConcurrentSkipListSet<>();

  EgressPass(String client, Destinations destinations, String password, Runnable end) {
    this.client = client;
    this.destinations = destinations;
    this.password = password;
    this.end = end;
  }

  String client() {
    return client;
  }

  Destinations destinations() {
    return destinations;
  }

  /**
   * Records a refused host; returns true the first time. Records at most {@value #REMEMBERED}
   * hosts.
   */
  boolean refuse(String host) {
    return refused.size() < REMEMBERED && refused.add(host);
  }

  /** Returns the recorded refused hosts. */
  public Set<String> refused() {
    return Set.copyOf(refused);
  }

  /**
   * Returns the proxy's address with the password, for {@code HTTPS_PROXY}.
   *
   * @param port port on loopback at which the client reaches the proxy
   */
  public String url(int port) {
    return "http://%s:%s@127.0.0.1:%d".formatted(USER, password, port);
  }

  @Override
  public void close() {
    end.run();
  }
}
