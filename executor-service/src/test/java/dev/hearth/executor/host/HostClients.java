package dev.hearth.executor.host;

import dev.hearth.contracts.host.InstanceSpec;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.io.Transport;
import org.springframework.util.unit.DataSize;

/** Lets tests of other packages speak the host protocol. */
public final class HostClients {

  private static final Duration LONG = Duration.ofMinutes(10);

  private HostClients() {}

  /** Starts an instance in the host that listens on a socket. */
  public static void start(Path socket, InstanceSpec spec) throws Exception {
    var http = new HostConfiguration().hostClient();
    http.start();
    try {
      var settings =
          new HostSettings(LONG, LONG, LONG, LONG, LONG, LONG, LONG, DataSize.ofMegabytes(64));
      var _ = new HostClient(http, new Transport.TCPUnix(socket), settings).start(spec);
    } finally {
      http.stop();
    }
  }
}
