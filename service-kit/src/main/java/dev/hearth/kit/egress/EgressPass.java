package dev.hearth.kit.egress;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** One client's leave to use an {@link EgressProxy}. */
public final class EgressPass implements AutoCloseable {

  /** What the proxy asks for is the password alone. */
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

  /** Whether it is the first time; a client that asks for ever new hosts is not remembered. */
  boolean refuse(String host) {
    return refused.size() < REMEMBERED && refused.add(host);
  }

  /** The first {@value #REMEMBERED} hosts that were asked for and refused. */
  public Set<String> refused() {
    return Set.copyOf(refused);
  }

  /**
   * The proxy's address with the password, as {@code HTTPS_PROXY} takes it.
   *
   * @param port where the client finds the proxy
   */
  public String url(int port) {
    return "http://%s:%s@127.0.0.1:%d".formatted(USER, password, port);
  }

  @Override
  public void close() {
    end.run();
  }
}
