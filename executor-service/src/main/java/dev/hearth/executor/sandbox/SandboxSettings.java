package dev.hearth.executor.sandbox;

import jakarta.validation.constraints.Min;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The sandbox of host processes.
 *
 * @param isolation barrier around each host process: {@code sandbox}, or {@code process} for no
 *     barrier but the process itself
 * @param bubblewrap executable of bubblewrap: a name on PATH, or a path
 * @param start how hosts start: {@code snapshot}, {@code cache} or {@code plain}; if one is not
 *     available, the next one is taken
 * @param criu executable of CRIU; without it there are no snapshots
 * @param trusted tenants that run without a sandbox where none can be built
 * @param hosts hosts of the operator's own network that all functions may reach; hosts outside it
 *     are reachable anyway
 * @param certificates authorities that functions trust, as a PEM file; by default the machine's
 * @param processes most processes and threads of one host, where control groups are available
 */
@Validated
@ConfigurationProperties("executor.host")
public record SandboxSettings(
    @DefaultValue("sandbox") Isolation isolation,
    @DefaultValue("bwrap") String bubblewrap,
    @DefaultValue("snapshot") HostStart start,
    @Nullable String criu,
    @DefaultValue Set<String> trusted,
    @DefaultValue Set<String> hosts,
    @Nullable Path certificates,
    @DefaultValue("1024") @Min(64) int processes) {

  /** Files in which Debian, Red Hat and SUSE keep their certificate authorities. */
  private static final List<Path> SYSTEM_CERTIFICATES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"));

  public SandboxSettings {
    trusted = Set.copyOf(trusted);
    hosts = Set.copyOf(hosts);
  }

  /** Returns the file of certificate authorities, if there is one. */
  Optional<Path> knownCertificates() {
    return certificates == null
        ? SYSTEM_CERTIFICATES.stream().filter(Files::exists).findFirst()
        : Optional.of(certificates.toAbsolutePath());
  }
}
