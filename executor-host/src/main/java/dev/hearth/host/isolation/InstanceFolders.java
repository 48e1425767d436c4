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
 * The folders of one instance.
 *
 * @param path what goes on {@code sys.path}, in order
 * @param late where modules are that are nowhere else, and the files that say that all are there
 *     and what they are
 * @param temporary the instance's own to write to
 * @param copies of what holds native modules, each of which gets a copy for each context beside it
 */
public record InstanceFolders(
    List<Path> path, List<Path> late, Path temporary, Optional<Path> copies) {

  /** Makes what is the instance's own; where that fails, nothing is left. */
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

  /** The path with a copy of what holds native modules before each folder that has some. */
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

  /** Copies the packages of a folder that hold native modules; whether there are any. */
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

  /** Everything that is to be seen. */
  List<Path> readable() {
    return Stream.of(path, late, writable()).flatMap(List::stream).toList();
  }

  List<Path> writable() {
    return Stream.concat(Stream.of(temporary), copies.stream()).toList();
  }

  /** Where the code is run. */
  Path current() {
    return path.stream()
        .filter(folder -> copies.stream().noneMatch(folder::startsWith))
        .findFirst()
        .orElse(temporary);
  }

  /** Removes what the instance wrote; what cannot be removed ends with the host. */
  public void remove() {
    for (var own : writable().stream().filter(Files::isDirectory).toList()) {
      try (Stream<Path> walked = Files.walk(own)) {
        for (var path : walked.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException | UncheckedIOException _) {
        // Somebody still writes there.
      }
    }
  }
}
