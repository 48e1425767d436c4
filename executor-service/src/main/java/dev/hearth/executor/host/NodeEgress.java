package dev.hearth.executor.host;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.egress.EgressPass;
import dev.hearth.kit.egress.EgressProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The way out of walled hosts: a proxy that admits no address of our own network. Where hosts have
 * no wall they have a network of their own, and nothing is here.
 */
@Component
public class NodeEgress implements DisposableBean {

  /** In a host's own network, so the same for all. */
  private static final int PORT = 3128;

  /** As hosts see it. */
  private static final String INSIDE = "/egress";

  private final Optional<Path> socket;
  private final Optional<EgressProxy> proxy;
  private final Destinations destinations;

  NodeEgress(HostWall wall, HostSettings settings) throws IOException {
    this.destinations = Destinations.outside().or(Destinations.only(settings.hosts()));
    if (!wall.stands()) {
      this.socket = Optional.empty();
      this.proxy = Optional.empty();
      return;
    }
    var path = Files.createTempDirectory("hearth").resolve("egress");
    this.socket = Optional.of(path);
    this.proxy = Optional.of(EgressProxy.onSocket(path));
    // Hosts are not the user that we are; nobody but they can reach the folder.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** What hosts are shown. */
  Map<Path, String> shown() {
    return socket.map(path -> Map.of(path, INSIDE)).orElse(Map.of());
  }

  /** What a host is told: the port at which to offer the proxy, and where that is. */
  Optional<String> argument() {
    return socket.map(_ -> PORT + ":" + INSIDE);
  }

  /**
   * Lets a function out until the pass is closed.
   *
   * @param allowed the only hosts it may reach, see {@link RuntimeSettings#egress}
   */
  public Optional<EgressPass> admit(FunctionKey function, Optional<List<String>> allowed) {
    var own = allowed.map(destinations::named).orElse(destinations);
    return proxy.map(known -> known.admit(function.toString(), own));
  }

  /** The proxy as a function calls it. */
  public static String url(EgressPass pass) {
    return pass.url(PORT);
  }

  @Override
  public void destroy() throws IOException {
    proxy.ifPresent(EgressProxy::close);
    if (socket.isPresent()) {
      FileSystemUtils.deleteRecursively(socket.get().getParent());
    }
  }
}
