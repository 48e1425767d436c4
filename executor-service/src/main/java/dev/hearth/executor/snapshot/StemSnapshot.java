package dev.hearth.executor.snapshot;

import dev.hearth.executor.sandbox.Criu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The snapshot of a runtime's first booted host. Further hosts are restored from it in some tenths
 * of a second. It is valid until the machine reboots or the host's files or command change. The
 * name of its folder is a digest of these.
 */
public final class StemSnapshot {

  private static final Logger log = LoggerFactory.getLogger(StemSnapshot.class);

  private static final Path MACHINE_BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Number of failures after which no more snapshots are taken. */
  private static final int CHANCES = 3;

  private final Optional<Criu> criu;
  private final Path folder;
  private final Origin origin;
  private volatile @Nullable HostImages images;
  private int chances;

  /**
   * The way and the files from which a host boots.
   *
   * @param bootName name of the way of booting, for operators
   * @param files files and folders that the host process reads
   */
  public record Origin(String bootName, List<Path> files) {

    public Origin {
      files = List.copyOf(files);
    }
  }

  /**
   * Creates the keeper of one runtime's snapshot.
   *
   * @param criu empty where snapshots are not possible
   * @param folder folder that holds only this snapshot
   */
  public StemSnapshot(Optional<Criu> criu, Path folder, Origin origin) throws IOException {
    this.criu = criu;
    this.folder = folder.toAbsolutePath();
    this.origin = origin;
    this.chances = criu.isEmpty() ? 0 : CHANCES;
    if (chances == 0) {
      FileSystemUtils.deleteRecursively(folder);
    }
  }

  /**
   * Returns the snapshot of a host with the given command, if there is one.
   *
   * @param command command line and environment of the host
   */
  public synchronized Optional<HostImages> images(List<String> command) throws IOException {
    if (chances == 0) {
      return Optional.empty();
    }
    var known = images;
    if (known == null) {
      known = HostImages.read(own(command)).orElse(null);
      images = known;
    }
    return Optional.ofNullable(known);
  }

  /** Takes the snapshot of a booted, unused host, which keeps running even if that fails. */
  public synchronized void take(Checkpointable host, List<String> command)
      throws InterruptedException {
    if (chances == 0 || images != null) {
      return;
    }
    var begun = System.nanoTime();
    try {
      FileSystemUtils.deleteRecursively(folder);
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      var made = HostImages.take(criu.orElseThrow(), host, own(command), false);
      images = made;
      log.atInfo()
          .addKeyValue("host", host.name())
          .addKeyValue("mib", made.size().toMegabytes())
          .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
          .log("snapshot of a host made");
    } catch (IOException | UncheckedIOException failed) {
      failed(failed);
    }
  }

  /** Deletes a snapshot from which no host could be restored; the next boot takes another one. */
  public synchronized void discard(HostImages broken, Exception reason) throws IOException {
    if (!broken.equals(images)) {
      return; // Another thread has discarded it.
    }
    images = null;
    FileSystemUtils.deleteRecursively(folder);
    failed(reason);
  }

  private synchronized void failed(Exception reason) {
    chances--;
    log.atWarn()
        .addKeyValue("cause", reason.toString())
        .addKeyValue("attemptsLeft", chances)
        .log("snapshot of a host failed");
  }

  /** Describes for operators how hosts start. */
  public synchronized String startName() {
    return chances == 0
        ? origin.bootName()
        : "snapshot by CRIU %s of %s"
            .formatted(criu.map(Criu::version).orElse(""), origin.bootName());
  }

  /**
   * Returns the folder of a snapshot, whose name is a digest of all that the snapshot depends on.
   */
  private Path own(List<String> command) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(MACHINE_BOOT));
      digest.update(String.join("\n", command).getBytes(StandardCharsets.UTF_8));
      digest.update(startName().getBytes(StandardCharsets.UTF_8));
      for (var part : origin.files()) {
        try (Stream<Path> walked = Files.walk(part)) {
          for (var file : walked.filter(Files::isRegularFile).sorted().toList()) {
            var state = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
            digest.update(state.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      return folder.resolve("stem-" + HexFormat.of().formatHex(digest.digest(), 0, 8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
