package dev.hearth.executor.host;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How host processes are started.
 *
 * @param home the executor-host as it is built: {@code lib}, {@code packages}, {@code home} and,
 *     where it was made, {@code host.aot}
 * @param java the JDK's {@code java}; by default the one that runs this service
 * @param path PATH of host processes; must lead to {@code patchelf} for native modules
 * @param heap heap of one host process
 * @param instances of functions that one host takes; then the tenant gets another one
 * @param nativeInstances the same, of functions with native modules
 * @param start how hosts boot
 * @param snapshotAfter how long a function's import may take until it gets a snapshot of its own
 * @param snapshots what those may hold on the disk, all together
 * @param isolation what stands around host processes
 * @param bubblewrap the executable, on PATH or with its path
 * @param debug true to start each host's JVM with a debug port on loopback, without a snapshot or
 *     an ahead-of-time cache; the port is reachable only with {@code isolation} {@code process}
 * @param criu the executable, with its path; without it there are no snapshots
 * @param trusted tenants that get hosts without a wall where none can be built
 * @param hosts hosts of our own network that all functions may reach; outside ones they may anyway
 * @param certificates authorities that functions trust, as a PEM file; by default the machine's
 * @param memory of one host, heap and all, where control groups can be used
 * @param budget memory of all hosts together; by default 60 % of the machine's
 * @param age how long a host serves; then its instances are moved to a new one
 * @param lives instances that a host has one after the other until then
 * @param temporary what the instances of one host may write; it is held in memory
 * @param instanceTemporary what each of them may write of that
 * @param processes and threads of one host, where control groups can be used
 * @param stems booted host processes that wait for a tenant
 * @param refillPatience how long the boot of the next host waits for instances that are being
 *     started
 * @param refillDelay how long after such a start the next host is left alone for the first calls
 * @param bootLimit how long a boot may take
 */
@Validated
@ConfigurationProperties("executor.host")
record HostSettings(
    Path home,
    @Nullable String java,
    @Nullable String path,
    @DefaultValue("512MB") DataSize heap,
    @DefaultValue("20") @Min(1) int instances,
    @DefaultValue("8") @Min(1) int nativeInstances,
    @DefaultValue("snapshot") HostStart start,
    @DefaultValue("500ms") Duration snapshotAfter,
    @DefaultValue("8GB") DataSize snapshots,
    @DefaultValue("sandbox") Isolation isolation,
    @DefaultValue("bwrap") String bubblewrap,
    @DefaultValue("false") boolean debug,
    @Nullable String criu,
    @DefaultValue Set<String> trusted,
    @DefaultValue Set<String> hosts,
    @Nullable Path certificates,
    @DefaultValue("2GB") DataSize memory,
    @Nullable DataSize budget,
    @DefaultValue("24h") Duration age,
    @DefaultValue("1000") @Min(1) int lives,
    @DefaultValue("256MB") DataSize temporary,
    @DefaultValue("64MB") DataSize instanceTemporary,
    @DefaultValue("1024") @Min(64) int processes,
    @DefaultValue("1") @Min(1) @Max(16) int stems,
    @DefaultValue("30s") Duration refillPatience,
    @DefaultValue("3s") Duration refillDelay,
    @DefaultValue("120s") Duration bootLimit) {

  /** Debian's, Red Hat's, SUSE's. */
  private static final List<Path> MACHINES_CERTIFICATES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"));

  HostSettings {
    trusted = Set.copyOf(trusted);
    hosts = Set.copyOf(hosts);
  }

  /** The file of certificates, where there is one. */
  Optional<Path> knownCertificates() {
    return certificates == null
        ? MACHINES_CERTIFICATES.stream().filter(Files::exists).findFirst()
        : Optional.of(certificates.toAbsolutePath());
  }

  String javaExecutable() {
    return java == null || java.isEmpty()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : java;
  }

  /** The JDK's ahead-of-time cache, which halves a boot. */
  Optional<Path> aotCache() {
    var cache = home.resolve("host.aot");
    return start != HostStart.PLAIN && !debug && Files.exists(cache)
        ? Optional.of(cache)
        : Optional.empty();
  }

  /** What operators are told of a boot without a snapshot. */
  String bootName() {
    return aotCache().isPresent() ? "jvm with ahead-of-time cache" : "plain jvm";
  }
}
