package dev.hearth.executor.runtime;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Host processes of GraalPy.
 *
 * @param home folder of the built executor-host: {@code lib}, {@code packages}, {@code home} and,
 *     where the build made it, {@code host.aot}
 * @param java executable of the JDK; by default the one that runs this service
 * @param javaOptions further options of each host's JVM, separated by blanks
 * @param path PATH of host processes; must lead to {@code patchelf} for native modules
 * @param heap heap of a host that instances share
 * @param memory most memory of a shared host, including its heap but not its instances' temporary
 *     files, where control groups are available
 * @param instances most instances in one host
 * @param nativeInstances most instances with native modules in one host
 * @param compileLimit longest run of the bytecode compiler
 * @param debug true to start each host's JVM with a debug port on loopback, without a snapshot or
 *     an ahead-of-time cache; the port is reachable only with {@code isolation} {@code process}
 */
@Validated
@ConfigurationProperties("executor.host")
record GraalPySettings(
    Path home,
    @Nullable String java,
    @DefaultValue("") String javaOptions,
    @Nullable String path,
    @DefaultValue("512MB") DataSize heap,
    @DefaultValue("2GB") DataSize memory,
    @DefaultValue("20") @Min(1) int instances,
    @DefaultValue("8") @Min(1) int nativeInstances,
    @DefaultValue("10m") @DurationMin(seconds = 1) Duration compileLimit,
    @DefaultValue("false") boolean debug) {

  GraalPySettings {
    if (memory.compareTo(heap) < 0) {
      throw new IllegalArgumentException(
          "executor.host.memory must be at least executor.host.heap (%s) but is %s"
              .formatted(heap, memory));
    }
  }

  String javaExecutable() {
    return java == null || java.isEmpty()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : java;
  }

  /** Returns the further options one by one. */
  List<String> furtherOptions() {
    return javaOptions.isBlank() ? List.of() : List.of(javaOptions.strip().split("\\s+"));
  }

  /** Returns the folder of the JDK that runs hosts. */
  Path jdk() {
    return Path.of(javaExecutable()).toAbsolutePath().resolve("../..").normalize();
  }
}
