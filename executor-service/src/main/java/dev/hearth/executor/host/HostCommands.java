package dev.hearth.executor.host;

import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Runtime.HostPlan;
import dev.hearth.executor.runtime.Runtime.HostSize;
import dev.hearth.executor.sandbox.Criu;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.sandbox.HostSandbox.Program;
import dev.hearth.executor.sandbox.NodeEgress;
import dev.hearth.executor.snapshot.HostImages;
import dev.hearth.kit.sandbox.ControlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Builds the command lines of host processes: the runtime's command inside the sandbox's. */
@Component
class HostCommands {

  private final HostSettings settings;
  private final HostSandbox sandbox;
  private final NodeEgress egress;

  HostCommands(HostSettings settings, HostSandbox sandbox, NodeEgress egress) {
    this.settings = settings;
    this.sandbox = sandbox;
    this.egress = egress;
  }

  /** Returns the command line that boots a host, or restores it from a snapshot. */
  List<String> command(
      Runtime runtime,
      HostFolder own,
      ControlGroup group,
      HostSize size,
      Optional<HostImages> images) {
    return images
        .map(known ->
            sandbox.restore(own, group, program(runtime, size, restoring(known)), known.folder()))
        .orElseGet(() ->
            sandbox.boot(own, group, program(runtime, size, booting(runtime, own, size.heap()))));
  }

  /**
   * Returns the command and environment that distinguish a runtime's booted hosts, without their
   * folders.
   */
  List<String> identity(Runtime runtime, DataSize heap, Path folder) {
    var sample = new HostFolder(folder, folder, folder, folder, true);
    var all = new ArrayList<>(booting(runtime, sample, heap));
    new TreeMap<>(environment(runtime)).forEach((name, value) -> all.add(name + "=" + value));
    return all;
  }

  private Program program(Runtime runtime, HostSize size, List<String> command) {
    return new Program(
        environment(runtime),
        runtime.files(),
        egress.shown(),
        size.temporary(settings.instanceTemporary()),
        command);
  }

  private Map<String, String> environment(Runtime runtime) {
    var environment = new HashMap<>(sandbox.environment());
    environment.putAll(runtime.environment());
    return environment;
  }

  private List<String> booting(Runtime runtime, HostFolder own, DataSize heap) {
    return runtime.command(new HostPlan(own.inside(own.socket()), heap, egress.argument()));
  }

  private List<String> restoring(HostImages images) {
    var command = new ArrayList<String>();
    if (images.hasFiles()) {
      command.addAll(Criu.unpackFiles());
    }
    command.addAll(sandbox.criu().orElseThrow().restore(images.pipes()));
    return command;
  }
}
