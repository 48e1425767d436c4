package dev.hearth.executor.host;

import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.node.NodeSettings;
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
 * Snapshots of hosts in which the code of one revision is imported, so that an instance that was
 * evicted comes back without importing again. One is made at a time, behind everything else; where
 * the disk has no room the one goes that was used least recently. They end with this process, like
 * the instances that they are of.
 */
@Component
public class RevisionSnapshots implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(RevisionSnapshots.class);

  /** How often one looks whether a snapshot can be made. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final HostWall wall;
  private final StemPool stems;
  private final HostSettings settings;
  private final Path folder;
  private final Set<UUID> wanted = ConcurrentHashMap.newKeySet();

  /** By the instance, the most recently used last; the monitor guards it. */
  private final Map<UUID, HostImages> made = new LinkedHashMap<>(16, 0.75f, true);

  private final ScheduledExecutorService maker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("snapshots").factory());

  /** Brings an instance into a host of its own. */
  public interface Maker {
    /** Whether it can be done now, as well as ever. */
    boolean isReady();

    /**
     * Starts the instance, and has it get ready to be written down.
     *
     * @return nothing when that did not work, and will not
     */
    Optional<InstanceStarted> start(HostProcess host) throws InterruptedException;

    /** It has no snapshot, for a reason that the code's author can do something about. */
    void failed(String reason);
  }

  RevisionSnapshots(HostWall wall, StemPool stems, HostSettings settings, NodeSettings node)
      throws IOException {
    this.wall = wall;
    this.stems = stems;
    this.settings = settings;
    this.folder = node.data().resolve("snapshots").toAbsolutePath();
    FileSystemUtils.deleteRecursively(folder);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** The snapshot of an instance, when it has been made. */
  public synchronized Optional<HostImages> of(UUID instance) {
    return Optional.ofNullable(made.get(instance));
  }

  /** Has a snapshot made of an instance that took so long to start, when it is worth one. */
  public void request(UUID instance, InstanceStarted started, Maker work) {
    if (wall.criu().isPresent() && isSlow(started) && wanted.add(instance)) {
      look(instance, work);
    }
  }

  private boolean isSlow(InstanceStarted started) {
    return started.importMilliseconds() > settings.snapshotAfter().toMillis();
  }

  private void look(UUID instance, Maker work) {
    maker.schedule(() -> make(instance, work), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void make(UUID instance, Maker work) {
    if (!wanted.contains(instance)) {
      return;
    }
    try {
      var host = work.isReady() ? stems.spare() : Optional.<HostProcess>empty();
      if (host.isEmpty()) {
        look(instance, work);
        return;
      }
      try {
        write(instance, host.get(), work);
      } finally {
        host.get().kill();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      // No host could be had, most likely; the next slow start asks again.
      wanted.remove(instance);
      failed(instance, failed);
    }
  }

  private static void failed(UUID instance, Exception reason) {
    log.atWarn()
        .addKeyValue("instance", instance)
        .addKeyValue("cause", reason.toString())
        .log("no snapshot of a revision");
  }

  private void write(UUID instance, HostProcess host, Maker work) throws InterruptedException {
    var started = work.start(host);
    if (started.isEmpty() || !isSlow(started.get())) {
      return;
    }
    var begun = System.nanoTime();
    var own = folder.resolve(instance.toString());
    HostImages images;
    try {
      images = HostImages.take(wall.criu().orElseThrow(), host, own, true);
    } catch (IOException failed) {
      failed(instance, failed);
      work.failed(String.valueOf(failed.getMessage()));
      return;
    }
    keep(instance, images).forEach(RevisionSnapshots::delete);
    log.atInfo()
        .addKeyValue("instance", instance)
        .addKeyValue("mib", images.size().toMegabytes())
        .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
        .log("snapshot of a revision made");
  }

  /** Takes a snapshot in; what has no room then, or is not wanted any more. */
  private synchronized List<HostImages> keep(UUID instance, HostImages images) {
    var room = settings.snapshots().toBytes() - images.size().toBytes();
    if (!wanted.contains(instance) || room < 0) {
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
    made.put(instance, images);
    return gone;
  }

  /** What was made of it does not live, and will not. */
  public void discard(UUID instance, Exception reason) {
    log.atWarn()
        .addKeyValue("instance", instance)
        .addKeyValue("cause", reason.toString())
        .log("snapshot of a revision given up");
    delete(instance);
  }

  /** The instance is not kept any more. */
  public void forget(UUID instance) {
    wanted.remove(instance);
    delete(instance);
  }

  private void delete(UUID instance) {
    HostImages images;
    synchronized (this) {
      images = made.remove(instance);
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
          .log("snapshot not removed");
    }
  }

  @Override
  public void destroy() {
    maker.shutdownNow();
  }
}
