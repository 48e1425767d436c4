package dev.hearth.executor.host;

import dev.hearth.executor.node.NodeSettings;
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
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * What the first host was like when it had booted: further ones are made from that in some tenths
 * of a second. It is kept until the machine boots again, or what hosts are started with changes.
 */
@Component
class StemSnapshot {

  private static final Logger log = LoggerFactory.getLogger(StemSnapshot.class);

  private static final Path MACHINE_BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** How many snapshots may fail. */
  private static final int CHANCES = 3;

  private final HostWall wall;
  private final HostSettings settings;
  private final Path folder;
  private volatile @Nullable HostImages images;
  private volatile int chances;

  StemSnapshot(HostWall wall, HostSettings settings, NodeSettings node) throws IOException {
    this.wall = wall;
    this.settings = settings;
    this.folder = node.data().resolve("stem").toAbsolutePath();
    this.chances = wall.criu().isEmpty() ? 0 : CHANCES;
    if (chances == 0) {
      FileSystemUtils.deleteRecursively(folder);
    }
  }

  /**
   * The snapshot, when there is one.
   *
   * @param command what such a host is booted with, its environment too
   */
  synchronized Optional<HostImages> images(List<String> command) throws IOException {
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

  /** Writes down a host that has booted and that nobody uses; where that fails it goes on. */
  synchronized void take(HostProcess host, List<String> command) throws InterruptedException {
    if (chances == 0 || images != null) {
      return;
    }
    var begun = System.nanoTime();
    try {
      FileSystemUtils.deleteRecursively(folder);
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      var made = HostImages.take(wall.criu().orElseThrow(), host, own(command), false);
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

  /** What was made of it does not live; the next host that boots is written down instead. */
  synchronized void discard(HostImages dead, Exception reason) throws IOException {
    if (!dead.equals(images)) {
      return; // Somebody else has found out.
    }
    images = null;
    FileSystemUtils.deleteRecursively(folder);
    failed(reason);
  }

  private void failed(Exception reason) {
    chances--;
    log.atWarn()
        .addKeyValue("cause", reason.toString())
        .addKeyValue("chances", chances)
        .log("the snapshot of a host failed");
  }

  /** What operators are told. */
  String startName() {
    return chances == 0
        ? settings.bootName()
        : "snapshot by CRIU %s of %s"
            .formatted(wall.criu().map(Criu::version).orElse(""), settings.bootName());
  }

  /** Where a snapshot of such a host lies: what it may not outlive is in the name. */
  private Path own(List<String> command) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(MACHINE_BOOT));
      digest.update(String.join("\n", command).getBytes(StandardCharsets.UTF_8));
      digest.update(startName().getBytes(StandardCharsets.UTF_8));
      var java = Path.of(settings.javaExecutable()).toAbsolutePath().resolve("../..").normalize();
      for (var part : List.of(settings.home(), java)) {
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
