package dev.hearth.executor.host;

import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Runtimes;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.snapshot.StemSnapshot;
import dev.hearth.executor.snapshot.StemSnapshot.Origin;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The snapshots of booted hosts, one for each runtime that can be snapshotted. */
@Component
class StemSnapshots {

  private final Map<String, StemSnapshot> byRuntime = new LinkedHashMap<>();

  StemSnapshots(Runtimes runtimes, HostSandbox sandbox, NodeSettings node) throws IOException {
    for (var runtime : runtimes.all()) {
      if (runtime.canBeSnapshotted()) {
        var folder = node.data().resolve("stem").resolve(runtime.name());
        var origin = new Origin(runtime.bootName(), runtime.files());
        byRuntime.put(runtime.name(), new StemSnapshot(sandbox.criu(), folder, origin));
      }
    }
  }

  Optional<StemSnapshot> of(Runtime runtime) {
    return Optional.ofNullable(byRuntime.get(runtime.name()));
  }

  /** Describes for operators how hosts start. */
  String startName() {
    return byRuntime.values().stream()
        .map(StemSnapshot::startName)
        .collect(Collectors.joining(", "));
  }
}
