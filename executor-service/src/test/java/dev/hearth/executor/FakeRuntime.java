package dev.hearth.executor;

import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.executor.runtime.LayerCompiler;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Sharing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/** A runtime for tests, with two instances in each host of 100 MB. */
public final class FakeRuntime implements Runtime {

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public boolean runs(RuntimeSettings settings) {
    return true;
  }

  @Override
  public Sharing sharing(RuntimeSettings settings) {
    return settings.nativeModules() ? Sharing.TENANT_NATIVE : Sharing.TENANT;
  }

  @Override
  public HostSize stem() {
    return withHeap(DataSize.ofMegabytes(100));
  }

  @Override
  public HostSize withHeap(DataSize heap) {
    return new HostSize(heap, heap, 1);
  }

  @Override
  public int instancesPerHost(Sharing sharing) {
    return 2;
  }

  @Override
  public DataSize leftByInstance(Sharing sharing) {
    return DataSize.ofMegabytes(sharing == Sharing.TENANT_NATIVE ? 20 : 0);
  }

  @Override
  public List<String> command(HostPlan plan) {
    return List.of("fake", plan.socket().toString());
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public List<Path> files() {
    return List.of();
  }

  @Override
  public String bootName() {
    return "fake";
  }

  @Override
  public boolean canBeSnapshotted() {
    return false;
  }

  @Override
  public Optional<LayerCompiler> compiler() {
    return Optional.empty();
  }
}
