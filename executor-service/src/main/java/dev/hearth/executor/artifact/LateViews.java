package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Hosts' folders that wait for the late packages of an artifact. Folders of ended hosts are
 * dropped. Thread-safe: the monitor guards the map.
 */
final class LateViews {

  private final Map<Digest, Set<Path>> views = new HashMap<>();

  synchronized void add(Digest artifact, Path view) {
    views.values().forEach(waiting -> waiting.removeIf(known -> !Files.isDirectory(known)));
    views.values().removeIf(Set::isEmpty);
    views.computeIfAbsent(artifact, _ -> new HashSet<>()).add(view);
  }

  /** Returns the folders that wait for an artifact, and forgets them. */
  synchronized Set<Path> take(Digest artifact) {
    var waiting = views.remove(artifact);
    return waiting == null ? Set.of() : waiting;
  }

  synchronized int size() {
    return views.values().stream().mapToInt(Set::size).sum();
  }
}
