package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An artifact on this node.
 *
 * @param folder has {@code app} and {@code packages}
 * @param late where modules are that no import leads to; complete when the file beside it, {@code
 *     late.ready}, is there
 * @param layers the layers in {@code packages}
 */
public record UnpackedArtifact(
    Digest digest, Path folder, Optional<Path> late, List<Digest> layers) {

  /** What goes on {@code sys.path}, in order; the first is where the code is run. */
  public List<String> path() {
    return Stream.of("app/src", "app", "packages")
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .map(Path::toString)
        .toList();
  }
}
