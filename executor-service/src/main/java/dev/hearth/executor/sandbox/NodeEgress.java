package dev.hearth.executor.sandbox;

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
 * The egress proxy of sandboxed hosts, which refuses addresses of the operator's own network. Hosts
 * without a sandbox use the machine's network, and there is no proxy.
 */
@Component
public class NodeEgress implements DisposableBean {

  /** Port of the proxy in a host's own network namespace; the same in all of them. */
  private static final int PORT = 3128;

  /** Path of the proxy's socket as hosts see it. */
  private static final String INSIDE = "/egress";

  private final Optional<Path> socket;
  private final Optional<EgressProxy> proxy;
  private final Destinations destinations;

  NodeEgress(HostSandbox sandbox, SandboxSettings settings) throws IOException {
    this.destinations = Destinations.outside().or(Destinations.only(settings.hosts()));
    if (!sandbox.isAvailable()) {
      this.socket = Optional.empty();
      this.proxy = Optional.empty();
      return;
    }
    var path = Files.createTempDirectory("hearth").resolve("egress");
    this.socket = Optional.of(path);
    this.proxy = Optional.of(EgressProxy.onSocket(path));
    // Hosts run as another user, and only they see the folder.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Returns the files that hosts see, with their paths inside. */
  public Map<Path, String> shown() {
    return socket.map(path -> Map.of(path, INSIDE)).orElse(Map.of());
  }

  /** Returns the argument {@code PORT:SOCKET} from which a host relays a port to the proxy. */
  public Optional<String> argument() {
    return socket.map(_ -> PORT + ":" + INSIDE);
  }

  /**
   * Issues a function's pass to the proxy, valid until it is closed.
   *
   * @param allowed the only hosts that the function may reach, see {@link RuntimeSettings#egress}
   */
  public Optional<EgressPass> admit(FunctionKey function, Optional<List<String>> allowed) {
    var own = allowed.map(destinations::named).orElse(destinations);
    return proxy.map(known -> known.admit(function.toString(), own));
  }

  /** Returns the proxy's address for a function, with its pass. */
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
