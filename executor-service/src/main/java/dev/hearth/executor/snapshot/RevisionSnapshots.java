package dev.hearth.executor.snapshot;

import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.sandbox.Criu;
import dev.hearth.executor.sandbox.HostSandbox;
import dev.hearth.executor.snapshot.SnapshotSource.Prepared.Never;
import dev.hearth.executor.snapshot.SnapshotSource.Prepared.NotNow;
import dev.hearth.executor.snapshot.SnapshotSource.Prepared.Ready;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Snapshots of hosts that have imported the code of one placement, from which evicted instances are
 * restored without importing again. They are taken one at a time, at low priority. When their disk
 * space is used up, the least recently used snapshot is deleted. Like placements, they end with
 * this process.
 */
@Component
public class RevisionSnapshots implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(RevisionSnapshots.class);

  /** Interval between attempts to take a snapshot. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Optional<Criu> criu;
  private final SnapshotSettings settings;
  private final Path folder;
  private final Set<UUID> wanted = ConcurrentHashMap.newKeySet();

  /** Snapshots by placement, the most recently used last; the monitor guards the map. */
  private final Map<UUID, HostImages> made = new LinkedHashMap<>(16, 0.75f, true);

  private final ScheduledExecutorService maker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("snapshots").factory());

  RevisionSnapshots(HostSandbox sandbox, SnapshotSettings settings, NodeSettings node)
      throws IOException {
    this.criu = sandbox.criu();
    this.settings = settings;
    this.folder = node.data().resolve("snapshots").toAbsolutePath();
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Returns the snapshot of a placement, if there is one. */
  public synchronized Optional<HostImages> of(UUID placement) {
    return Optional.ofNullable(made.get(placement));
  }

  /** Requests a snapshot of a placement if its instance took long enough to import. */
  public void request(UUID placement, InstanceStarted started, SnapshotSource source) {
    if (criu.isPresent() && isSlow(started) && wanted.add(placement)) {
      schedule(placement, source);
    }
  }

  private boolean isSlow(InstanceStarted started) {
    return started.importMilliseconds() > settings.snapshotAfter().toMillis();
  }

  private void schedule(UUID placement, SnapshotSource source) {
    var _ = maker.schedule(() -> make(placement, source), RETRY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void make(UUID placement, SnapshotSource source) {
    if (!wanted.contains(placement)) {
      return;
    }
    try {
      switch (source.prepare()) {
        case NotNow() -> schedule(placement, source);
        case Never() ->
            log.atInfo().addKeyValue("placement", placement).log("snapshot not possible");
        case Ready(var host, var started) -> {
          try {
            write(placement, host, started, source);
          } finally {
            host.kill();
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      // Most likely no host was available. The next slow start requests a snapshot again.
      wanted.remove(placement);
      failed(placement, failed);
    }
  }

  private static void failed(UUID placement, Exception reason) {
    log.atWarn()
        .addKeyValue("placement", placement)
        .addKeyValue("cause", reason.toString())
        .log("snapshot of a revision failed");
  }

  private void write(
      UUID placement, Checkpointable host, InstanceStarted started, SnapshotSource source)
      throws InterruptedException {
    if (!isSlow(started)) {
      return;
    }
    var begun = System.nanoTime();
    HostImages images;
    try {
      var own = folder.resolve(placement.toString());
      images = HostImages.take(criu.orElseThrow(), host, own, true);
    } catch (IOException failed) {
      failed(placement, failed);
      source.failed(String.valueOf(failed.getMessage()));
      return;
    }
    add(placement, images).forEach(RevisionSnapshots::delete);
    log.atInfo()
        .addKeyValue("placement", placement)
        .addKeyValue("mib", images.size().toMegabytes())
        .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
        .log("snapshot of a revision made");
  }

  /**
   * Adds a snapshot; returns those to delete: the least recently used ones without room, or the new
   * one.
   */
  private synchronized List<HostImages> add(UUID placement, HostImages images) {
    var room = settings.snapshots().toBytes() - images.size().toBytes();
    if (!wanted.contains(placement) || room < 0) {
      return List.of(images);
    }
    var gone = new ArrayList<HostImages>();
    var sum = made.values().stream().mapToLong(other -> other.size().toBytes()).sum();
    for (var oldest = made.entrySet().iterator(); oldest.hasNext() && sum > room; ) {
      var least = oldest.next();
      sum -= least.getValue().size().toBytes();
      gone.add(least.getValue());
      wanted.remove(least.getKey());
      oldest.remove();
    }
    made.put(placement, images);
    return gone;
  }

  /** Deletes a snapshot from which no host could be restored, and takes no other one. */
  public void discard(UUID placement, Exception reason) {
    log.atWarn()
        .addKeyValue("placement", placement)
        .addKeyValue("cause", reason.toString())
        .log("snapshot of a revision discarded");
    delete(placement);
  }

  /** Deletes the snapshot of a placement that has ended, and the request for it. */
  public void forget(UUID placement) {
    wanted.remove(placement);
    delete(placement);
  }

  private void delete(UUID placement) {
    HostImages images;
    synchronized (this) {
      images = made.remove(placement);
    }
    if (images != null) {
      delete(images);
    }
  }

  private static void delete(HostImages images) {
    try {
      images.delete();
    } catch (IOException left) {
      log.atWarn()
          .addKeyValue("folder", images.folder())
          .addKeyValue("cause", left.toString())
          .log("snapshot not deleted");
    }
  }

  @Override
  public void destroy() {
    maker.shutdownNow();
  }
}
