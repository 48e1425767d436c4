package dev.hearth.build.wheelhouse;

import dev.hearth.build.python.Target;
import dev.hearth.build.python.WheelName;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.uv.CPython;
import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.egress.EgressProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Builds a wheel with GraalPy's own pip, which has patches for many projects. The build runs the
 * project's code, so it happens in a sandbox whose only way out is a proxy to the package index.
 */
public final class WheelhouseBuilder {

  /** Tenant of these builds: the operator, who starts them by hand. */
  public static final String OPERATOR = "operator";

  private static final Set<String> PYPI = Set.of("pypi.org", "files.pythonhosted.org");
  private static final int PROXY_PORT = 3128;
  private static final Path CERTIFICATES = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private final Sandbox sandbox;
  private final Tools tools;
  private final URI index;

  /**
   * Programs that a build runs.
   *
   * @param target the Python that the wheel is for
   * @param host the executor host's folder, with GraalPy
   * @param jdk a JDK's folder
   * @param folders where further programs are installed, each with a bin
   */
  public record Tools(Target target, Path host, Path jdk, CPython python, List<Path> folders) {}

  public WheelhouseBuilder(Sandbox sandbox, Tools tools, URI index) {
    this.sandbox = sandbox;
    this.tools = tools;
    this.index = index;
  }

  /**
   * Builds a wheel.
   *
   * @param scratch an empty folder
   * @return the wheel, in the folder
   * @throws dev.hearth.contracts.HearthException if the wheel cannot be built
   */
  public Path build(Recipe recipe, Path scratch, Consumer<String> log) throws IOException {
    var kit = Files.createDirectory(scratch.resolve("kit"));
    for (var name : List.of("relay.py", "build.sh")) {
      try (var script = WheelhouseBuilder.class.getResourceAsStream("/wheelhouse/" + name)) {
        Files.copy(Objects.requireNonNull(script, name), kit.resolve(name));
      }
    }
    var socket = scratch.resolve("egress");
    var tar = scratch.resolve("wheel.tar");
    try (var proxy = EgressProxy.onSocket(socket);
        var pass = proxy.admit(recipe.requirement(), Destinations.only(hosts(recipe)))) {
      // The sandbox runs as another user.
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      try {
        sandbox.run(OPERATOR, command(recipe, scratch, pass.url(PROXY_PORT)), tar, log);
      } finally {
        pass.refused()
            .forEach(host ->
                log.accept("refused a connection to " + host + "; --allow-host would admit it"));
      }
    }
    return unpack(tar, scratch);
  }

  private Set<String> hosts(Recipe recipe) {
    var hosts = new TreeSet<>(recipe.hosts());
    if (PYPI.contains(index.getHost())) {
      hosts.addAll(PYPI);
    } else {
      hosts.add(index.getHost());
    }
    return hosts;
  }

  private Sandbox.Command command(Recipe recipe, Path scratch, String proxy) {
    var environment = new HashMap<String, String>();
    var path =
        new ArrayList<>(
            tools.folders().stream().map(folder -> folder.resolve("bin").toString()).toList());
    path.addAll(List.of("/usr/bin", "/bin"));
    environment.put("PATH", String.join(":", path));
    environment.put("LANG", "C.UTF-8");
    environment.put("JAVA", tools.jdk().toString());
    environment.put("PYTHON", tools.python().executable().toString());
    environment.put("PROJECT", recipe.project());
    environment.put("REQUIREMENT", recipe.requirement());
    environment.put("OPTIONS", String.join(" ", recipe.options()));
    environment.put("SOURCE_DATE_EPOCH", "315532800");
    environment.put("HTTPS_PROXY", proxy);
    environment.put("HTTP_PROXY", proxy);
    environment.put("PIP_PROXY", proxy);
    environment.put("PIP_INDEX_URL", index.toString());
    environment.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    // Use the patches of this GraalPy release, not the newest ones.
    environment.put("PIP_GRAALPY_PATCHES_URL", "disabled");
    var shown = new ArrayList<>(tools.python().prefixes());
    shown.add(tools.jdk());
    shown.addAll(tools.folders());
    if (Files.exists(CERTIFICATES)) {
      shown.add(CERTIFICATES);
      environment.put("PIP_CERT", CERTIFICATES.toString());
      environment.put("SSL_CERT_FILE", CERTIFICATES.toString());
    }
    return new Sandbox.Command(
        "\"%s\" \"$KIT/relay.py\" \"$EGRESS\" %d sh \"$KIT/build.sh\""
            .formatted(tools.python().executable(), PROXY_PORT),
        scratch.resolve("work"),
        Map.of(
            "KIT", scratch.resolve("kit"),
            "EGRESS", scratch.resolve("egress"),
            "HOST", tools.host().toAbsolutePath()),
        shown,
        environment,
        Sandbox.AddressSpace.ANY,
        "The build of " + recipe.requirement());
  }

  private Path unpack(Path tar, Path folder) throws IOException {
    try (var entries = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        var name =
            WheelName.parse(entry.getName().replaceFirst("^\\./", ""))
                .filter(tools.target().wheels()::areCertainOf);
        if (entry.isFile() && name.isPresent()) {
          var wheel = folder.resolve(name.get().file());
          Files.copy(entries, wheel);
          return wheel;
        }
      }
    }
    throw new IOException(
        "pip made no wheel that the platform's interpreter can use; the build's log has the reason");
  }
}
