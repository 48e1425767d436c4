package dev.hearth.executor.runtime;

import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import dev.hearth.executor.sandbox.HostStart;
import dev.hearth.executor.sandbox.SandboxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * GraalPy: one JVM per tenant and node, whose instances are contexts that share an engine. Contexts
 * with native modules have hosts of their own, because only the process contains native code.
 */
@Component
class GraalPyRuntime implements Runtime {

  /** Heap that a closed context with native modules leaves in use; measured in ADR 12. */
  private static final DataSize LEFT_BY_NATIVE = DataSize.ofMegabytes(16);

  private static final List<String> OPTIONS =
      List.of(
          // A heap never shrinks below its initial size, by default a part of the machine's memory.
          "-Xms32m",
          "-XX:+UseSerialGC",
          // Few objects die young, and memory that the young generation used once stays resident.
          "-XX:MaxNewSize=32m",
          // All hosts share the pages of a cache that is mapped at its original address.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-XX:MinHeapFreeRatio=15",
          "-XX:MaxHeapFreeRatio=30",
          "-XX:+ExitOnOutOfMemoryError",
          // The host's log receives crash reports.
          "-XX:+ErrorFileToStderr",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dpolyglotimpl.AttachLibraryFailureAction=ignore");

  private final GraalPySettings settings;
  private final boolean usesCache;
  private final GraalPyCompiler compiler;

  GraalPyRuntime(GraalPySettings settings, SandboxSettings sandbox, GraalPyCompiler compiler) {
    this.settings = settings;
    this.compiler = compiler;
    this.usesCache = sandbox.start() != HostStart.PLAIN && !settings.debug();
  }

  /** Returns the JDK's ahead-of-time cache, which halves the time of a boot. */
  private Optional<Path> aotCache() {
    var cache = settings.home().resolve("host.aot").toAbsolutePath();
    return usesCache && Files.exists(cache) ? Optional.of(cache) : Optional.empty();
  }

  @Override
  public String name() {
    return "graalpy";
  }

  @Override
  public boolean runs(RuntimeSettings revision) {
    return true;
  }

  @Override
  public Sharing sharing(RuntimeSettings revision) {
    if (revision.scaling().flatMap(Scaling::memoryMiB).isPresent()) {
      return Sharing.OWN_PROCESS;
    }
    return revision.nativeModules() ? Sharing.TENANT_NATIVE : Sharing.TENANT;
  }

  @Override
  public HostSize stem() {
    var instances = Math.max(settings.instances(), settings.nativeInstances());
    return new HostSize(settings.heap(), settings.memory(), instances);
  }

  @Override
  public HostSize withHeap(DataSize heap) {
    var besideHeap = settings.memory().toBytes() - settings.heap().toBytes();
    return new HostSize(heap, DataSize.ofBytes(heap.toBytes() + besideHeap), 1);
  }

  @Override
  public int instancesPerHost(Sharing sharing) {
    return switch (sharing) {
      case TENANT -> settings.instances();
      case TENANT_NATIVE -> settings.nativeInstances();
      case OWN_PROCESS -> 1;
    };
  }

  @Override
  public DataSize leftByInstance(Sharing sharing) {
    return sharing == Sharing.TENANT_NATIVE ? LEFT_BY_NATIVE : DataSize.ofBytes(0);
  }

  @Override
  public List<String> command(HostPlan plan) {
    var home = settings.home().toAbsolutePath();
    var command = new ArrayList<String>();
    command.add(settings.javaExecutable());
    if (settings.debug()) {
      command.add(DebugPort.option(plan.socket().toString()));
    }
    command.add("-Xmx" + plan.heap().toMegabytes() + "m");
    command.addAll(OPTIONS);
    command.addAll(settings.furtherOptions());
    aotCache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    command.addAll(
        List.of(
            "-cp",
            home.resolve("lib") + "/*",
            GraalPyCompiler.MAIN,
            "serve",
            plan.socket().toString(),
            home.resolve("home").toString(),
            home.resolve("packages").toString()));
    plan.egress().ifPresent(command::add);
    return command;
  }

  @Override
  public Map<String, String> environment() {
    var path = settings.path();
    return path == null || path.isEmpty() ? Map.of() : Map.of("PATH", path);
  }

  @Override
  public List<Path> files() {
    return List.of(settings.home().toAbsolutePath(), settings.jdk());
  }

  @Override
  public String bootName() {
    return aotCache().isPresent() ? "jvm with ahead-of-time cache" : "plain jvm";
  }

  @Override
  public boolean canBeSnapshotted() {
    return !settings.debug();
  }

  @Override
  public Optional<LayerCompiler> compiler() {
    return Optional.of(compiler);
  }
}
