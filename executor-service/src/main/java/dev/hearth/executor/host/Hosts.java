package dev.hearth.executor.host;

import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.snapshot.HostImages;
import java.io.IOException;
import java.util.function.Consumer;
import org.springframework.util.unit.DataSize;

/** Starts host processes. */
public interface Hosts {

  /**
   * Boots a host; blocks until it is ready.
   *
   * @throws IllegalStateException if the host does not boot
   */
  Host boot(Runtime runtime, DataSize heap) throws InterruptedException;

  /**
   * Restores a host from a snapshot; blocks until it answers.
   *
   * @param prepare fills the folder with the files that the host had
   * @throws IllegalStateException if the host does not answer
   */
  Host restore(Runtime runtime, HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException;

  /** Lowers a host's processor priority below that of all others. */
  void stepBehind(Host host);
}
