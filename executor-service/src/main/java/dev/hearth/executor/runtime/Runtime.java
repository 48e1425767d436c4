package dev.hearth.executor.runtime;

import dev.hearth.contracts.RuntimeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * A runtime on a node: how its host processes start, how instances share them, what an instance
 * costs, whether layers are compiled for it, and whether its hosts can be snapshotted. A new
 * runtime is a new bean of this type whose hosts speak {@link
 * dev.hearth.contracts.host.HostProtocol}.
 */
@SuppressWarnings("AvoidCommonTypeNames") // It is the word of the domain.
public interface Runtime {

  /** Returns the name of the runtime, as in {@code [tool.hearth] runtime}. */
  String name();

  /** Returns true if this runtime runs a revision with these settings. */
  boolean runs(RuntimeSettings settings);

  /** Returns how instances of a revision with these settings share hosts. */
  Sharing sharing(RuntimeSettings settings);

  /** Returns the size of a stem, and so of every host that instances share. */
  HostSize stem();

  /** Returns the size of a host with the given heap. */
  HostSize withHeap(DataSize heap);

  /** Returns the most instances that one host takes. */
  int instancesPerHost(Sharing sharing);

  /** Returns the memory that an ended instance leaves in its host until the host ends. */
  DataSize leftByInstance(Sharing sharing);

  /** Returns the command line of a host process. */
  List<String> command(HostPlan plan);

  /** Returns the environment variables of a host process, besides those that the sandbox sets. */
  Map<String, String> environment();

  /** Returns the files and folders that a host process must be able to read. */
  List<Path> files();

  /** Describes for operators how a host boots without a snapshot. */
  String bootName();

  /** Returns true if a booted host can be checkpointed and restored. */
  boolean canBeSnapshotted();

  /** Returns the compiler of layers if the runtime uses bytecode. */
  Optional<LayerCompiler> compiler();

  /**
   * The size of a host.
   *
   * @param heap memory that its instances share, which the budget of the node counts
   * @param limit most memory of the whole process without its instances' temporary files, where
   *     control groups are available
   * @param instances most instances in it
   */
  record HostSize(DataSize heap, DataSize limit, int instances) {

    /**
     * Returns the room for the temporary files of all instances, so that one never takes another's.
     *
     * @param each most bytes of one instance
     */
    public DataSize temporary(DataSize each) {
      return DataSize.ofBytes(each.toBytes() * instances);
    }

    /** Returns the most memory of the process with these files, which are in memory. */
    public DataSize limitWith(DataSize each) {
      return DataSize.ofBytes(limit.toBytes() + temporary(each).toBytes());
    }
  }

  /**
   * The parameters of one host's start.
   *
   * @param socket path of its UNIX socket, as the host sees it
   * @param heap size of its heap
   * @param egress port and socket of the egress proxy, or empty where there is a network
   */
  record HostPlan(Path socket, DataSize heap, Optional<String> egress) {}
}
