package dev.hearth.host.isolation;

import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders that one instance sees.
 *
 * @param path the folders of {@code sys.path}, in order
 * @param late the folder of late modules, the file that lists them, and the marker file of their
 *     arrival
 * @param temporary the folder that the instance may write to
 * @param copies the folder for copies of packages with native modules, beside which GraalPy writes
 *     each context's own copies
 */
public record InstanceFolders(
    List<Path> path, List<Path> late, Path temporary, Optional<Path> copies) {

  /** Creates the folders that the instance writes to; removes them again if that fails. */
  public static InstanceFolders make(InstanceSpec spec) throws IOException {
    var temporary = Path.of(spec.temporary());
    var path = spec.path().stream().map(Path::of).toList();
    var late =
        spec.late().isEmpty()
            ? List.<Path>of()
            : Stream.of("", ".ready", ".json").map(end -> Path.of(spec.late() + end)).toList();
    var copies =
        spec.settings().nativeModules()
            ? Optional.of(Path.of(spec.temporary() + ".native"))
            : Optional.<Path>empty();
    var bare = new InstanceFolders(path, late, temporary, copies);
    try {
      for (var own : bare.writable()) {
        Files.createDirectories(own);
      }
      return copies.isEmpty()
          ? bare
          : new InstanceFolders(withCopies(path, copies.get()), late, temporary, copies);
    } catch (IOException | UncheckedIOException full) {
      bare.remove();
      throw full;
    }
  }

  /** Returns the path, with copies of native packages before the folder that they come from. */
  private static List<Path> withCopies(List<Path> path, Path copies) throws IOException {
    var whole = new ArrayList<Path>();
    for (int i = 0; i < path.size(); i++) {
      var copy = copies.resolve(String.valueOf(i));
      if (copyNative(path.get(i), copy)) {
        whole.add(copy);
      }
      whole.add(path.get(i));
    }
    return whole;
  }

  /** Copies a folder's packages with native modules; returns true if there are any. */
  private static boolean copyNative(Path folder, Path copy) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      for (var entry : listed.filter(InstanceFolders::hasNative).toList()) {
        copy(entry, copy.resolve(folder.relativize(entry)));
      }
    }
    return Files.isDirectory(copy);
  }

  private static boolean hasNative(Path entry) {
    try (Stream<Path> walked = Files.walk(entry)) {
      return walked.anyMatch(path ->
          path.toString().endsWith(".so") || path.getFileName().toString().contains(".so."));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try (Stream<Path> walked = Files.walk(source)) {
      for (var from : walked.toList()) {
        var to = target.resolve(source.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
  }

  /** Returns all folders and files that the instance may read. */
  List<Path> readable() {
    return Stream.of(path, late, writable()).flatMap(List::stream).toList();
  }

  List<Path> writable() {
    return Stream.concat(Stream.of(temporary), copies.stream()).toList();
  }

  /** Returns the working directory of the code. */
  Path current() {
    return path.stream()
        .filter(folder -> copies.stream().noneMatch(folder::startsWith))
        .findFirst()
        .orElse(temporary);
  }

  /**
   * Removes the folders that the instance wrote to; the host's end removes what is left of them.
   */
  public void remove() {
    for (var own : writable().stream().filter(Files::isDirectory).toList()) {
      try (Stream<Path> walked = Files.walk(own)) {
        for (var path : walked.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException | UncheckedIOException _) {
        // Code that could not be stopped is still writing there.
      }
    }
  }
}
