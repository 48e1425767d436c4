package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An artifact on this node's disk.
 *
 * @param folder the parent of {@code app} and {@code packages}
 * @param late the folder of the modules that no import reaches; complete once the file {@code
 *     late.ready} is beside it
 * @param layers digests of the layers in {@code packages}
 */
public record UnpackedArtifact(
    Digest digest, Path folder, Optional<Path> late, List<Digest> layers) {

  /** Returns the entries of {@code sys.path} in order; the first is the working folder. */
  public List<String> path() {
    return Stream.of("app/src", "app", "packages")
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .map(Path::toString)
        .toList();
  }
}
