package dev.hearth.build.wheelhouse;

import dev.hearth.build.python.Target;
import dev.hearth.build.python.WheelName;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.ArtifactTransfer;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * The wheels that operators published. The table {@code wheel} lists them, the object store holds
 * their bytes, and uv reads local copies.
 */
public final class StoredWheels implements Wheelhouses {

  private final JdbcClient jdbc;
  private final ArtifactTransfer transfer;
  private final Target target;
  private final Path folder;
  private volatile Snapshot last = new Snapshot("", Wheelhouse.empty());

  /**
   * Prepares the local copies.
   *
   * @param target the Python that installs the wheels
   * @param data folder for the copies; its loss is harmless
   */
  public StoredWheels(JdbcClient jdbc, ArtifactTransfer transfer, Target target, Path data)
      throws IOException {
    this.jdbc = jdbc;
    this.transfer = transfer;
    this.target = target;
    this.folder = data.resolve("wheelhouse").toAbsolutePath();
    // No build uses a snapshot yet. Files that are still listed are linked again.
    FileSystemUtils.deleteRecursively(folder.resolve("snapshots"));
    Files.createDirectories(folder.resolve("snapshots"));
  }

  /** The wheelhouse after its last change. */
  private record Snapshot(String content, Wheelhouse wheelhouse) {}

  /** A row of the table. */
  record StoredWheel(
      String file, String project, String version, Digest digest, long bytes, Instant addedAt) {}

  List<StoredWheel> list() {
    return jdbc.sql(
            "SELECT file, project, version, digest, bytes, added_at FROM wheel ORDER BY file")
        .query((row, _) ->
            new StoredWheel(
                row.getString("file"),
                row.getString("project"),
                row.getString("version"),
                new Digest(row.getString("digest")),
                row.getLong("bytes"),
                row.getTimestamp("added_at").toInstant()))
        .list();
  }

  /**
   * Publishes a wheel and replaces one of the same name.
   *
   * @param content the wheel
   * @throws HearthException if the file is not a wheel that the target can install
   */
  void put(String file, Path content) throws IOException {
    var name =
        WheelName.parse(file)
            .filter(target.wheels()::areCertainOf)
            .orElseThrow(() ->
                invalid(
                    "%s is not a wheel that the platform's interpreter can use: its tags must be py3-none-any or %s."
                        .formatted(file, target.wheels().nativeExample())));
    check(name, content);
    var digest = Digests.of(content);
    transfer.store(digest, content);
    jdbc.sql(
            """
            INSERT INTO wheel (file, project, version, digest, bytes)
            VALUES (:file, :project, :version, :digest, :bytes)
            ON CONFLICT (file) DO UPDATE
               SET digest = EXCLUDED.digest, bytes = EXCLUDED.bytes, added_at = now()
            """)
        .param("file", file)
        .param("project", name.project())
        .param("version", name.version())
        .param("digest", digest.value())
        .param("bytes", Files.size(content))
        .update();
  }

  private static void check(WheelName name, Path content) throws IOException {
    try (var zip = new ZipFile(content.toFile())) {
      if (zip.stream().noneMatch(entry -> entry.getName().endsWith(".dist-info/METADATA"))) {
        throw invalid(name.file() + " has no METADATA. Build the wheel again.");
      }
    } catch (ZipException broken) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID, name.file() + " is not a zip: " + broken.getMessage(), broken);
    }
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.REQUEST_INVALID, detail);
  }

  /**
   * Removes a wheel; returns false if there was none. Artifacts that were built with it keep its
   * files.
   */
  boolean remove(String file) {
    return jdbc.sql("DELETE FROM wheel WHERE file = :file").param("file", file).update() == 1;
  }

  /**
   * Returns the current wheelhouse. Each state of the table has its own folder, so a build never
   * sees a change.
   */
  @Override
  public Wheelhouse current() throws IOException {
    var wheels = list();
    if (wheels.isEmpty()) {
      return Wheelhouse.empty();
    }
    var sha256 = Digests.sha256();
    wheels.forEach(wheel ->
        sha256.update((wheel.file() + wheel.digest() + "\n").getBytes(StandardCharsets.UTF_8)));
    var content = Digests.of(sha256).hex();
    var known = last;
    if (known.content().equals(content)) {
      return known.wheelhouse();
    }
    var snapshot = folder.resolve("snapshots").resolve(content);
    if (!Files.isDirectory(snapshot)) {
      copy(wheels, snapshot);
    }
    var wheelhouse = Wheelhouse.of(snapshot, target);
    last = new Snapshot(content, wheelhouse);
    return wheelhouse;
  }

  private void copy(List<StoredWheel> wheels, Path snapshot) throws IOException {
    var kept = Files.createDirectories(folder.resolve("files"));
    var making = Files.createTempDirectory(folder.resolve("snapshots"), "making");
    for (var wheel : wheels) {
      var file = kept.resolve(wheel.digest().hex());
      if (!Files.exists(file)) {
        transfer.fetch(wheel.digest(), file);
      }
      Files.createLink(making.resolve(wheel.file()), file);
    }
    try {
      Files.move(making, snapshot, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException _) {
      // Another build made the same snapshot concurrently.
      FileSystemUtils.deleteRecursively(making);
    }
  }
}
